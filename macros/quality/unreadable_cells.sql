{% macro unreadable_cells(table, columns) %}
    {#- For one raw table: cells that hold something which its column's type can't be read from. -#}
    {%- set contract = raw_tables()[table] -%}
    {%- set readings = [] -%}
    {%- for name, type in contract.columns.items() if type in ('number', 'timestamp') and name in columns -%}
        {%- do readings.append((name, type)) -%}
    {%- endfor -%}
    {%- if contract.fields -%}
        {%- for field in declared_fields(contract.fields)
            if field.type in ('number', 'date', 'boolean') and field.column in columns
            and contract.columns.get(field.column) not in ('number', 'timestamp') -%}
            {%- do readings.append((field.column, field.type)) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if 'is_deleted' in columns -%} {%- do readings.append(('is_deleted', 'boolean')) -%} {%- endif -%}
    {%- set natural_kinds = {
        'number': ['number'], 'boolean': ['boolean'], 'timestamp': ['timestamp', 'date', 'zoned_timestamp'],
        'date': ['timestamp', 'date', 'zoned_timestamp'],
    } -%}
    {%- set found = [] -%}
    {%- for name, type in readings if columns[name].kind not in natural_kinds[type] -%}
        {%- do found.append((name, type)) -%}
    {%- endfor -%}
    {%- for name, type in found %}
    select
        {{ finding(table, 'unreadable_' ~ type, 'cell', "'" ~ name ~ "'") }}
    from (
        select
            cast({{ adapter.quote(name) }} as {{ dbt.type_string() }}) as cell,
            {{ raw_value(columns, name, type) }} as reading
        from (
            select {{- raw_cells(table, columns) }}
            from {{ raw_relation(table, columns) }}
        ) as cells
    ) as readings
    where
        cell is not null
        and reading is null
    having count(*) > 0

    union all
    {% endfor %}
{%- endmacro %}
