{% macro type_of_field(type) %}
    {%- set types = {
        'number': type_double(), 'timestamp': dbt.type_timestamp(), 'date': 'date',
        'boolean': dbt.type_boolean(),
    } -%}
    {{- types.get(type, dbt.type_string()) -}}
{%- endmacro %}
