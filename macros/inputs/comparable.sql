{% macro comparable(expression) %}
    lower({{ trimmed(expression) }})
{%- endmacro %}
