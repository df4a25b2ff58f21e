{#- Replaces dbt's macro on Spark, which joins a table of two rows with itself once for each binary digit. -#}
{% macro spark__generate_series(upper_bound) %}
    select explode(sequence(1, {{ upper_bound }})) as generated_number
{%- endmacro %}
