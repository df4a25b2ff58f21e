{% macro described_columns(rule_file) %}
    {#- The columns of a rule file, by its name; a project that imports this one may bring the file. -#}
    {%- set nodes = graph.nodes.values() | selectattr('resource_type', 'eq', 'seed')
        | selectattr('name', 'eq', rule_file) | list if execute else [] -%}
    {{- return(seed_columns(nodes[0]) if nodes else ['null']) -}}
{% endmacro %}
