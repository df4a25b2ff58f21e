{% macro is_conversion_of(types) %}
    {{- is_one_of('conversion_type', types) -}}
{%- endmacro %}
