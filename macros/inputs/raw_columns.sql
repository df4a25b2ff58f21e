{% macro raw_columns(table) %}
    {#- The columns that a raw table has: lower-case name -> name as stored, and kind of type. -#}
    {%- set declared = raw_source(table) -%}
    {%- set columns = {} -%}
    {%- if execute -%}
        {%- set relation = adapter.get_relation(
            database=declared.database, schema=declared.schema, identifier=declared.identifier
        ) -%}
        {%- if relation is not none -%}
            {%- for column in adapter.get_columns_in_relation(relation) -%}
                {%- do columns.update({
                    column.name | lower: {
                        'name': column.name,
                        'kind': column_kind(column.dtype | lower),
                    }
                }) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{- return(columns) -}}
{% endmacro %}
