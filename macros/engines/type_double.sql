{% macro type_double() %}
    {{- adapter.dispatch('type_double', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__type_double() %}double precision{% endmacro %}

{% macro spark__type_double() %}double{% endmacro %}

{% macro bigquery__type_double() %}float64{% endmacro %}
