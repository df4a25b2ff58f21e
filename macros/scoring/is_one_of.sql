{% macro is_one_of(text, names) %}
    {#- Whether a text is one of the names of a var, case ignored; none at all if that is empty. -#}
    {%- set literals = [] -%}
    {%- for name in names -%}
        {%- do literals.append(dbt.string_literal(dbt.escape_single_quotes(name | string | trim | lower))) -%}
    {%- endfor -%}
    {{ 'lower(' ~ text ~ ') in (' ~ literals | join(', ') ~ ')' if literals else '1 = 0' }}
{%- endmacro %}
