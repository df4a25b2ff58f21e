{% macro is_whole_run(name) %}
    {#- Whether the run builds every model that a model is made of; a selection may leave some of them out of step. -#}
    {%- if model.resource_type == 'unit_test' -%} {{- return(false) -}} {%- endif -%}
    {%- set ids = ['model.lead_scoring.' ~ name] -%}
    {%- set missing = [] -%}
    {%- for id in ids -%}
        {%- for parent in graph.nodes[id].depends_on.nodes if parent.startswith('model.') and parent not in ids -%}
            {%- do ids.append(parent) -%}
            {%- if parent not in selected_resources -%} {%- do missing.append(parent) -%} {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(not missing) -}}
{% endmacro %}
