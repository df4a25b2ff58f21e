{% macro is_one_of(text, names) %}
    {#- Whether a text is one of the names of a var, case ignored; none at all if that is empty. -#}
    {%- set literals = [] -%}
    {%- for name in names -%}
        {%- do literals.append("'" ~ name | string | trim | lower | replace("'", "''") ~ "'") -%}
    {%- endfor -%}
    {{ 'lower(' ~ text ~ ') in (' ~ literals | join(', ') ~ ')' if literals else '1 = 0' }}
{%- endmacro %}
