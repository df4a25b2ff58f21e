{% macro raw_relation(table, columns) %}
    {#- A raw table under the name raw_rows. An optional table that is absent reads as an empty one. -#}
    {%- set declared = raw_source(table) -%}
    {%- if columns -%}
        {{ named(declared, 'raw_rows') }}
    {%- else -%}
        (select 1 as nothing where 1 = 0) as raw_rows
    {%- endif -%}
{%- endmacro %}
