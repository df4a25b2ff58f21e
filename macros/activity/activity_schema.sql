{% macro activity_schema() %}
    {#- The schema of the models on activity, for hooks, which have no model of their own. -#}
    {%- set nodes = graph.nodes.values() | selectattr('name', 'eq', 'int_events_resolved') | list -%}
    {{- return(nodes[0].schema) -}}
{% endmacro %}
