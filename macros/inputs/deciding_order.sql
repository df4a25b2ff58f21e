{% macro deciding_order(table, entity, decides_at=none) %}
    {#-
        Which of several rows of one id decides: the latest, then a tombstone, then the largest values in the
        contract's order, then those of further declared columns.
    -#}
    {%- set contract = raw_tables()[table].columns -%}
    {%- if decides_at %}
                {{ decides_at }} desc nulls last,
    {%- endif %}
                case when is_deleted then 1 else 0 end desc,
    {%- for name, type in contract.items() if name != decides_at %}
                {{ bytewise(name) if type in ('id', 'text') else name }} desc nulls last
                {{- ',' if not loop.last }}
    {%- endfor %}
    {%- if entity %}
    {%- for field in declared_fields(entity) if field.column not in contract %}
                , {{ bytewise('written_' ~ field.column) if field.type == 'text' else field_column(field.column) }}
                desc nulls last
    {%- endfor %}
    {%- endif %}
{%- endmacro %}
