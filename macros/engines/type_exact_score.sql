{% macro type_exact_score() %}
    {{- adapter.dispatch('type_exact_score', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__type_exact_score() %}numeric(28, 10){% endmacro %}

{% macro bigquery__type_exact_score() %}bignumeric{% endmacro %}
