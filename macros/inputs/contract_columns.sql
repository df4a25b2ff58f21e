{% macro contract_columns(table, columns) %}
    {#- The contract's columns of a raw table, read as their types, and the tombstone mark. -#}
    {%- for name, type in raw_tables()[table].columns.items() %}
        {{ raw_value(columns, name, type) }} as {{ name }},
    {%- endfor %}
        coalesce({{ raw_value(columns, 'is_deleted', 'boolean') }}, false) as is_deleted
{%- endmacro %}
