{% macro bytewise(expression) %}
    {#- Text in the order of its bytes, whatever the database's collation. -#}
    {{- adapter.dispatch('bytewise', 'lead_scoring')(expression) -}}
{%- endmacro %}

{% macro default__bytewise(expression) %} {{- expression -}} {% endmacro %}

{% macro postgres__bytewise(expression) %} {{- expression }} collate "C" {%- endmacro %}
