{% macro seed_columns(model) %}
    {#- The columns that a rule file must have: those that are described. -#}
    {{- return(model.columns.keys() | reject('eq', 'line_number') | list) -}}
{% endmacro %}
