{% macro record_complete_run(results) %}
    {#-
        When a run has built all models: a table of one row, complete_run, with the date and the settings of the run,
        so that what reads the tables of several models knows that they belong together.
    -#}
    {%- if execute and flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
        {%- set own_results = results | selectattr('node.package_name', 'equalto', 'lead_scoring') | list -%}
        {%- set failed = own_results | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list -%}
        {%- set built = own_results | map(attribute='node.unique_id') | list -%}
        {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
            | selectattr('package_name', 'equalto', 'lead_scoring') | selectattr('config.enabled') | map(attribute='unique_id') | list -%}
        {%- if not failed and not models | reject('in', built) | list -%}
            {%- do run_query(
                'create table ' ~ complete_run_table() ~ ' ' ~ table_place(complete_run_table()) ~ ' as select ' ~ as_of_date() ~ ' as as_of_date, '
                ~ dbt.string_literal(dbt.escape_single_quotes(tojson(run_settings()))) ~ ' as settings'
            ) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
