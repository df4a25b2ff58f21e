{% macro parse_list(expression) %}
    {#- Members joined by a bar, as '|snowflake|dbt|': trimmed, lower case, without empty ones; null without any. -#}
    {%- set blanks = "'[ ' || chr(9) || chr(10) || chr(13) || chr(160) || ']*[|][| ' || chr(9) || chr(10) || chr(13) || chr(160) || ']*'" -%}
    nullif({{ regex_replaced("'|' || lower(" ~ expression ~ ") || '|'", blanks, "'|'") }}, '|')
{%- endmacro %}
