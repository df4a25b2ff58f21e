{% macro age_days(date_expression) %}
    {{- dbt.datediff(date_expression, as_of_date(), 'day') -}}
{%- endmacro %}
