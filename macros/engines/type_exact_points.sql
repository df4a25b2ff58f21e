{% macro type_exact_points() %}
    {#- Points of one day before they are summed: decimals add up to the same in any order, binary fractions do not. -#}
    {{- adapter.dispatch('type_exact_points', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__type_exact_points() %}numeric(28, 12){% endmacro %}

{% macro bigquery__type_exact_points() %}bignumeric{% endmacro %}
