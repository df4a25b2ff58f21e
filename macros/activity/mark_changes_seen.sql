{% macro mark_changes_seen() %}
    {#- After a model has rolled up the touched days: a row without a lead says how far it has seen the changes. -#}
    {%- if flags.EMPTY -%}
    select 1 as nothing_seen
    {%- else -%}
    insert into {{ this }} (change_number)
    select coalesce(max(change_number), 0) from {{ ref('int_event_days_touched') }}
    {%- endif -%}
{%- endmacro %}
