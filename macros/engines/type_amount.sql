{% macro type_amount() %}
    {{- adapter.dispatch('type_amount', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__type_amount() %}numeric(38, 9){% endmacro %}

{% macro bigquery__type_amount() %}bignumeric{% endmacro %}
