{% macro points_of_sum(exact_sum) %}
    {#- Through a binary fraction: DuckDB casts wide decimals into each other sixty times as slowly. -#}
    cast(cast({{ exact_sum }} as {{ type_double() }}) as {{ type_points() }})
{%- endmacro %}
