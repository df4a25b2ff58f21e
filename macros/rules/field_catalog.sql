{% macro field_catalog() %}
    {#-
        Every field that a rule may name, as a relation: vocabulary (fit, behavior, audience, event, exclusion), field,
        field_type.
    -#}
    {%- set rows = [] -%}
    {%- set vocabularies = {
        'fit': declared_fields('profile'),
        'behavior': declared_fields('trait'),
        'audience': declared_fields('profile') + declared_fields('trait'),
        'event': declared_fields('event'),
        'exclusion': exclusion_fields(),
    } -%}
    {%- for vocabulary, fields in vocabularies.items() -%}
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
