{% macro end_of_as_of_date() %}
    {#- The first moment that no longer counts. -#}
    cast({{ dbt.dateadd('day', 1, as_of_date()) }} as {{ dbt.type_timestamp() }})
{%- endmacro %}
