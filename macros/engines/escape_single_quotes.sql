{#- Replaces dbt's macro on Spark, which leaves backslashes as they are; Spark reads them as the start of an escape. -#}
{% macro spark__escape_single_quotes(expression) -%}
    {{ expression | replace('\\', '\\\\') | replace("'", "\\'") }}
{%- endmacro %}
