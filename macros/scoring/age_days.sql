{% macro age_days(date_expression, as_of='as_of_date') %}
    {{- dbt.datediff(date_expression, as_of, 'day') -}}
{%- endmacro %}
