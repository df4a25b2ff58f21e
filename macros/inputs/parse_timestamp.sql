{% macro parse_timestamp(expression, kind='text') %}
    {#- UTC without a zone. Text is ISO 8601: a date, or date and time, with an offset or without (then UTC). -#}
    {%- if kind == 'timestamp' -%}
        {{ expression }}
    {%- elif kind == 'date' -%}
        cast({{ expression }} as {{ dbt.type_timestamp() }})
    {%- elif kind == 'zoned_timestamp' -%}
        {{ utc_timestamp(expression) }}
    {%- elif kind == 'text' -%}
        {{ parse_iso_timestamp('upper(' ~ expression ~ ')') }}
    {%- else -%}
        cast(null as {{ dbt.type_timestamp() }})
    {%- endif -%}
{%- endmacro %}
