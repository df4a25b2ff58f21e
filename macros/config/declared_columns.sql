{% macro declared_columns(entity) %}
    {#- The var <entity>_fields; empty while it is not the mapping that check_configuration asks for. -#}
    {%- set mapping = var(entity ~ '_fields') -%}
    {{- return(mapping if mapping is mapping else {}) -}}
{% endmacro %}
