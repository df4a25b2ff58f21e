{% macro forget_seen_marks() %}
    {#- After a model has rolled up the touched days: drops the rows that say how far it had seen the changes. -#}
    {%- if flags.EMPTY -%}
    select 1 as nothing_seen
    {%- else -%}
    delete from {{ this }}
    where lead_id is null
    {%- endif -%}
{%- endmacro %}
