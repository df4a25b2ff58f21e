{% macro array_as_text(expression) %}
    {#- The members of an array joined by a bar. -#}
    {{- adapter.dispatch('array_as_text', 'lead_scoring')(expression) -}}
{%- endmacro %}

{% macro default__array_as_text(expression) %}array_to_string({{ expression }}, '|'){% endmacro %}

{% macro spark__array_as_text(expression) %}array_join({{ expression }}, '|'){% endmacro %}
