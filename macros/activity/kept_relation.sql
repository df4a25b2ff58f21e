{% macro kept_relation(name) %}
    {#- A table that an earlier run has left, for models that are built before it is; none without one. -#}
    {%- if execute -%}
        {{- return(adapter.get_relation(database=this.database, schema=this.schema, identifier=name)) -}}
    {%- endif -%}
    {{- return(none) -}}
{% endmacro %}
