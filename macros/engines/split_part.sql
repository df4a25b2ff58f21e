{#- Replaces dbt's macro on Spark, which takes the delimiter for a pattern. -#}
{% macro spark__split_part(string_text, delimiter_text, part_number) %}
    split_part({{ string_text }}, {{ delimiter_text }}, {{ part_number }})
{%- endmacro %}
