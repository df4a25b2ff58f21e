{% macro field_catalog() %}
    {#- Every field that a rule may name, as a relation: subject (profile, event, exclusion), field, field_type. -#}
    {%- set rows = [] -%}
    {%- for field in declared_fields('profile') -%}
        {%- do rows.append(('profile', field.name, field.type)) -%}
    {%- endfor -%}
    {%- for field in declared_fields('event') -%}
        {%- do rows.append(('event', field.name, field.type)) -%}
        {%- if field.name != 'event_type' -%}
            {%- do rows.append(('exclusion', field.name, field.type)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do rows.append(('exclusion', 'event_type', 'text')) -%}
    {%- for subject, field, field_type in rows %}
    select
        '{{ subject }}' as subject,
        '{{ field }}' as field,
        '{{ field_type }}' as field_type
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
