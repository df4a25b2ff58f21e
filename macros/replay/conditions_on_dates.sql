{% macro conditions_on_dates(lead_dates, dated_conditions) %}
    {#- What each lead meets on each date, as a relation: lead_id, as_of_date, condition_id, is_matched, is_open. -#}
    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        condition_matches.condition_id,
        condition_matches.is_matched,
        condition_matches.is_open
    from {{ named(lead_dates, 'lead_dates') }}
    inner join {{ named(ref('int_profile_conditions_matched'), 'condition_matches') }}
        on lead_dates.lead_id = condition_matches.lead_id

    union all

    select
        lead_id,
        as_of_date,
        condition_id,
        is_matched,
        is_open
    from {{ dated_conditions }}
{%- endmacro %}
