{% macro public_relations() %}
    {#- The tables that people query: unique id of the model -> relation. -#}
    {%- set relations = {} -%}
    {%- if execute -%}
        {%- for id, node in graph.nodes.items() | sort
            if node.resource_type == 'model' and node.package_name == 'lead_scoring' and node.fqn[1] == 'marts' -%}
            {%- do relations.update({id: api.Relation.create(
                database=node.database, schema=node.schema, identifier=node.alias
            )}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(relations) -}}
{% endmacro %}
