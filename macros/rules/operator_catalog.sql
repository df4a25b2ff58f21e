{% macro operator_catalog() %}
    {#- Which operators a type takes, as a relation: field_type, operator. -#}
    {%- for field_type, operators in operators_by_type().items() %}
        {%- set is_last_type = loop.last %}
        {%- for operator in operators %}
    select
        '{{ field_type }}' as field_type,
        '{{ operator }}' as operator
    {{ 'union all' if not (loop.last and is_last_type) }}
        {%- endfor %}
    {%- endfor %}
{%- endmacro %}
