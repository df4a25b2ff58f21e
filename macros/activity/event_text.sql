{% macro event_text() %}
    {#- All that a row of raw_events says, as SQL of one text. -#}
    {%- set contract = raw_tables()['raw_events'].columns -%}
    {%- set names = contract.keys() | list + ['is_deleted'] -%}
    {%- for field in declared_fields('event') if field.column not in contract -%}
        {%- do names.append('written_' ~ field.column if field.type == 'text' else field.value) -%}
    {%- endfor -%}
    {%- for name in names -%}
        coalesce(cast({{ name }} as {{ dbt.type_string() }}), '') {{- " || chr(31) || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
