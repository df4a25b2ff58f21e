{% macro forget_lost_leads() %}
    {#- Before a model rolls up the touched days anew: drops leads that have gone since it last saw the changes. -#}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where {{ dbt.hash('lead_id') }} in (
        select lost_lead_key
        from {{ ref('int_event_days_touched') }}
        where
            lost_lead_key is not null
            and change_number > (select coalesce(max(change_number), 0) from {{ this }})
    )
    {%- else -%}
    select 1 as nothing_lost
    {%- endif -%}
{%- endmacro %}
