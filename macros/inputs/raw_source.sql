{% macro raw_source(table) %}
    {#- A raw table as a relation: the model that the var raw_models names for it, which is then built before, or the source. -#}
    {%- set models = var('raw_models', none) -%}
    {%- set model_name = models.get(table) if models is mapping and model.resource_type != 'unit_test' else none -%}
    {{- return(ref(model_name) if model_name else source('raw', table)) -}}
{% endmacro %}
