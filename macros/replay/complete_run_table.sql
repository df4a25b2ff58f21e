{% macro complete_run_table() %}
    {#- The name of the table that record_complete_run leaves, beside the history. -#}
    {%- set beside = graph.nodes['model.lead_scoring.int_dates_recorded'] -%}
    {{- return(api.Relation.create(
        database=beside.database, schema=beside.schema, identifier='complete_run', type='table'
    )) -}}
{% endmacro %}
