{#- Replaces dbt's macro on Spark for days, which writes each date three times to make sure that it is one. -#}
{% macro spark__datediff(first_date, second_date, datepart) %}
    {%- if datepart == 'day' -%}
    datediff({{ second_date }}, {{ first_date }})
    {%- else -%}
    {{- return(lead_scoring.macro_of_dbt('datediff')(first_date, second_date, datepart)) -}}
    {%- endif -%}
{%- endmacro %}
