{% macro generate_schema_name(custom_schema_name, node) %}
    {#- Schemas are called as they are configured, without the target's in front. -#}
    {{- (custom_schema_name or target.schema) | trim -}}
{% endmacro %}
