{% macro raw_cells(table, columns) %}
    {#- The columns in use, under their lower-case names; text is trimmed here once, but for ids, which compare exactly. -#}
    {%- set contract = raw_tables()[table] -%}
    {%- set names = contract.columns.keys() | list + ['is_deleted'] -%}
    {%- if contract.fields -%}
        {%- for field in declared_fields(contract.fields) if field.column not in names -%}
            {%- do names.append(field.column) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name in names if name in columns %}
        {%- set stored = adapter.quote(columns[name].name) %}
        {%- set as_text = 'cast(raw_rows.' ~ stored ~ ' as ' ~ dbt.type_string() ~ ')' %}
        {%- if columns[name].kind == 'array' %}
        {{ trimmed(array_as_text('raw_rows.' ~ stored)) }} as {{ adapter.quote(name) }},
        {%- elif columns[name].kind == 'text' %}
        {{ as_text if contract.columns.get(name) == 'id' else trimmed(as_text) }} as {{ adapter.quote(name) }},
        {%- else %}
        raw_rows.{{ stored }} as {{ adapter.quote(name) }},
        {%- endif %}
    {%- endfor %}
        1 as row_count
{%- endmacro %}
