{% macro days_between(first, last) %}
    {#- Days between two ISO dates; 0 if the first is not given. -#}
    {%- if not first -%} {{- return(0) -}} {%- endif -%}
    {%- set read = modules.datetime.datetime.strptime -%}
    {{- return((read(last | string, '%Y-%m-%d') - read(first | string, '%Y-%m-%d')).days) -}}
{% endmacro %}
