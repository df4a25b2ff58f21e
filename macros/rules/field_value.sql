{% macro field_value(fields, type, rows, clauses) %}
    {#- The value of the field that a clause names, among the fields of one type; null for other types. -#}
    {%- set kinds = ['text', 'list'] if type == 'text' else [type] -%}
    {%- set candidates = fields | selectattr('type', 'in', kinds) | list -%}
    {%- if candidates %}
        case {{ clauses }}.field
            {%- for field in candidates %}
            when '{{ field.name }}' then {{ rows }}.{{ field.value }}
            {%- endfor %}
        end
    {%- else %}
        cast(null as {{ type_of_field(type) }})
    {%- endif %}
{%- endmacro %}
