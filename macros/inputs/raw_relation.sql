{% macro raw_relation(table, columns) %}
    {#- An optional table that is absent reads as an empty one. -#}
    {%- set declared = source('raw', table) -%}
    {%- if columns -%}
        {{ declared }}
    {%- else -%}
        (select 1 as nothing where 1 = 0)
    {%- endif -%}
{%- endmacro %}
