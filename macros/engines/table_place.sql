{% macro table_place(relation) %}
    {#- What a statement that makes a table says of the place of its rows, where the engine is to be told. -#}
    {{- return(adapter.dispatch('table_place', 'lead_scoring')(relation)) -}}
{% endmacro %}

{% macro default__table_place(relation) %}{{ return('') }}{% endmacro %}

{#- In places that it chooses itself, Spark refuses to write over what a killed run has left. -#}
{% macro spark__table_place(relation) %}
    {{- return("using parquet location '" ~ lead_scoring.table_places(relation)[0] ~ "'") -}}
{% endmacro %}
