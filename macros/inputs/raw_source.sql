{% macro raw_source(table) %}
    {#- A raw table as a relation: the model that the var raw_models names for it, which is then built before, or the source. -#}
    {%- set models = var('raw_models', none) -%}
    {%- set model_name = models.get(table) if models is mapping and model.resource_type != 'unit_test' else none -%}
    {%- if model_name and execute and model.resource_type == 'operation' -%}
        {#- Hooks may not call ref. -#}
        {%- set nodes = graph.nodes.values() | selectattr('name', 'eq', model_name)
            | selectattr('resource_type', 'in', ['model', 'seed', 'snapshot']) | list -%}
        {%- if nodes -%}
            {{- return(api.Relation.create(
                database=nodes[0].database, schema=nodes[0].schema, identifier=nodes[0].alias
            )) -}}
        {%- endif -%}
    {%- endif -%}
    {{- return(ref(model_name) if model_name else source('raw', table)) -}}
{% endmacro %}
