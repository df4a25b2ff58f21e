{% macro macro_of_dbt(name) %}
    {#- The macro that dbt or the adapter has under a name, where this package has one of that name, too. -#}
    {{- return(dbt.get(target.type ~ '__' ~ name) or dbt['default__' ~ name]) -}}
{% endmacro %}
