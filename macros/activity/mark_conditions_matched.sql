{% macro mark_conditions_matched() %}
    {#- After events are matched: a row without a lead for each condition that has been matched with all events. -#}
    {%- if flags.EMPTY -%}
    select 1 as nothing_matched
    {%- else -%}
    insert into {{ this }} (condition_id)
    select distinct condition_id
    from {{ ref('int_condition_clauses') }}
    where
        subject = 'event'
        and not is_dated
    {%- endif -%}
{%- endmacro %}
