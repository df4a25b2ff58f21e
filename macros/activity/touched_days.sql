{% macro touched_days() %}
    {#- The leads and dates whose events have changed since the model last saw them, as a relation. -#}
    select distinct
        lead_id,
        event_date
    from {{ ref('int_event_days_touched') }}
    where
        lead_id is not null
        and change_number > (select coalesce(max(change_number), 0) from {{ this }})
{%- endmacro %}
