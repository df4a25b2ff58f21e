{% macro days_before(days) %}
    {#- The date some days before as_of_date. -#}
    cast({{ dbt.dateadd('day', -days, as_of_date()) }} as date)
{%- endmacro %}
