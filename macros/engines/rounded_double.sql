{% macro rounded_double(expression) %}
    {#- A double without the noise after its ninth decimal. -#}
    {{- adapter.dispatch('rounded_double', 'lead_scoring')(expression) -}}
{%- endmacro %}

{% macro default__rounded_double(expression) %}round({{ expression }}, 9){% endmacro %}

{#- Postgres rounds decimals only. -#}
{% macro postgres__rounded_double(expression) -%}
    cast(round(cast({{ expression }} as numeric), 9) as double precision)
{%- endmacro %}
