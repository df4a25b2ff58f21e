{% macro end_of_as_of_date() %}
    {#- The first moment that no longer counts. -#}
    {{- end_of_date(as_of_date()) -}}
{%- endmacro %}
