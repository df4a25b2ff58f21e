{% macro raw_value(columns, name, type, stored_type='text') %}
    {#- The SQL that reads one of the raw_cells as a type; an absent column is null. -#}
    {%- set cell = adapter.quote(name) -%}
    {%- if name not in columns -%}
        cast(null as {{ type_of_field(type) }})
    {%- elif type == 'id' -%}
        {{ clean_id(cell, columns[name].kind) }}
    {%- else -%}
        {%- set kind = 'text' if columns[name].kind == 'array' else columns[name].kind -%}
        {%- set value = trimmed(cell) if stored_type == 'id' and kind == 'text' else cell -%}
        {%- if type == 'text' -%}
            {{ value if kind == 'text' else 'cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')' }}
        {%- elif type == 'number' -%}
            {{ parse_number(value, kind) }}
        {%- elif type == 'timestamp' -%}
            {{ parse_timestamp(value, kind) }}
        {%- elif type == 'date' -%}
            cast({{ parse_timestamp(value, kind) }} as date)
        {%- elif type == 'boolean' -%}
            {{ parse_boolean(value, kind) }}
        {%- elif type == 'list' -%}
            {{ parse_list(value if kind == 'text' else 'cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
