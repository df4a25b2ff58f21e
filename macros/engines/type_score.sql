{% macro type_score() %}
    {{- adapter.dispatch('type_score', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__type_score() %}numeric(5, 2){% endmacro %}

{% macro bigquery__type_score() %}numeric{% endmacro %}
