{% macro minutes_of_offset(text) %}
    {#- '05', '0530' or '05:30' in minutes; 0 for the empty text. -#}
    {%- set digits = "replace(" ~ text ~ ", ':', '') || '0000'" -%}
    (
        60 * cast(substr({{ digits }}, 1, 2) as {{ dbt.type_int() }})
        + cast(substr({{ digits }}, 3, 2) as {{ dbt.type_int() }})
    )
{%- endmacro %}
