{% macro text_of_columns(names) %}
    {#- SQL of one text of some columns, in which no two rows that differ are the same. -#}
    {%- for name in names -%}
        coalesce(cast({{ name }} as {{ dbt.type_string() }}), chr(30)) {{- " || chr(31) || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
