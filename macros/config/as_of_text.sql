{% macro as_of_text() %}
    {#- YAML reads an unquoted ISO date as a date; its text form is the ISO date again. -#}
    {%- set given = var('as_of', none) -%}
    {{- return(run_started_at.strftime('%Y-%m-%d') if given is none else given | string) -}}
{% endmacro %}
