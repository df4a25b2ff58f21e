{% macro record_complete_run(results) %}
    {#-
        When a run has built all models: a table of one row, complete_run, with the date and the settings of the run,
        so that what reads the tables of several models knows that they belong together.
    -#}
    {%- if execute and flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
        {%- set built = [] -%}
        {%- set failed = [] -%}
        {%- for result in results -%}
            {%- if result.status | string not in ['success', 'pass', 'warn'] -%} {%- do failed.append(result.node.unique_id) -%} {%- endif -%}
            {%- do built.append(result.node.unique_id) -%}
        {%- endfor -%}
        {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
            | selectattr('config.enabled') | map(attribute='unique_id') | list -%}
        {%- if not failed and models | reject('in', built) | list | length == 0 -%}
            {%- set model = graph.nodes.values() | selectattr('name', 'equalto', 'int_dates_recorded') | first -%}
            {%- set relation = api.Relation.create(
                database=model.database, schema=model.schema, identifier='complete_run', type='table'
            ) -%}
            {%- do run_query(
                'create table ' ~ relation ~ ' as select ' ~ as_of_date() ~ ' as as_of_date, '
                ~ dbt.string_literal(dbt.escape_single_quotes(tojson(run_settings()))) ~ ' as settings'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
