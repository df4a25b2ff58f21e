{% macro clean_text(expression, kind='text') %}
    {%- if kind == 'text' -%}
        {{ trimmed(expression) }}
    {%- else -%}
        cast({{ expression }} as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
