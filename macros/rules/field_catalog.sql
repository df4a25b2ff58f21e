{% macro field_catalog() %}
    {#- Every field that a rule may name, as a relation: vocabulary, field, field_type. -#}
    {%- set rows = [] -%}
    {%- for vocabulary, fields in field_vocabularies().items() -%}
        {%- for field in fields -%}
            {%- do rows.append((vocabulary, field.name, field.type)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for vocabulary, field, field_type in rows %}
    select
        '{{ vocabulary }}' as vocabulary,
        '{{ field }}' as field,
        '{{ field_type }}' as field_type
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
