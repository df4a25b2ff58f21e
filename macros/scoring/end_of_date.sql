{% macro end_of_date(date_expression) %}
    {#- The first moment after a date. -#}
    cast({{ dbt.dateadd('day', 1, date_expression) }} as {{ dbt.type_timestamp() }})
{%- endmacro %}
