{% macro parse_timestamp(expression, kind='text') %}
    {#- UTC without a zone. Text is ISO 8601: a date, or date and time, with an offset or without (then UTC). -#}
    {#- What a column of times can hold beyond ISO 8601, such as infinity, is unknown. -#}
    {%- if kind in ('timestamp', 'date', 'zoned_timestamp') -%}
        {%- set moment = 'cast(' ~ (utc_timestamp(expression) if kind == 'zoned_timestamp' else expression)
            ~ ' as ' ~ dbt.type_timestamp() ~ ')' %}
        case
            when {{ moment }} >= cast('0001-01-01' as {{ dbt.type_timestamp() }})
                and {{ moment }} < cast('9999-12-31' as {{ dbt.type_timestamp() }})
                then {{ moment }}
        end
    {%- elif kind == 'text' -%}
        {{ parse_iso_timestamp('upper(' ~ expression ~ ')') }}
    {%- else -%}
        cast(null as {{ dbt.type_timestamp() }})
    {%- endif -%}
{%- endmacro %}
