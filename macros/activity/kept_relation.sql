{% macro kept_relation(name) %}
    {#-
        A table that an earlier run has left, for hooks and for models that are built before it is; none without one.
        The project that imports this one may put it anywhere, so the graph is asked.
    -#}
    {%- set node = (graph.nodes or {}).get('model.lead_scoring.' ~ name)
        if execute and model.resource_type != 'unit_test' else none -%}
    {%- if node -%}
        {{- return(adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias)) -}}
    {%- endif -%}
    {{- return(none) -}}
{% endmacro %}
