{% macro trimmed(expression) %}
    {#- Spaces, tabs, line ends and no-break spaces go; what is blank then is null. -#}
    nullif({{ lead_scoring.stripped(expression, "' ' || chr(9) || chr(10) || chr(13) || chr(160)") }}, '')
{%- endmacro %}
