{% macro field_column(name) %}
    {{- return('field_' ~ name) -}}
{% endmacro %}
