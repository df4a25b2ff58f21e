{% macro is_conversion_of(types) %}
    {#- Whether the column conversion_type is one of the types of a var; none at all if that is empty. -#}
    {%- set literals = [] -%}
    {%- for type in types -%}
        {%- do literals.append("'" ~ type | string | trim | lower | replace("'", "''") ~ "'") -%}
    {%- endfor -%}
    {{ 'conversion_type in (' ~ literals | join(', ') ~ ')' if literals else '1 = 0' }}
{%- endmacro %}
