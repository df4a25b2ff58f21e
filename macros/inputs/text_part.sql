{% macro text_part(text, delimiter, number) %}
    {#- A part of a delimited text; empty where there are fewer parts, which engines answer differently. -#}
    coalesce({{ dbt.split_part(text, "'" ~ delimiter ~ "'", number) | trim }}, '')
{%- endmacro %}
