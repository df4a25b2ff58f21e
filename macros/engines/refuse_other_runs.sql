{% macro refuse_other_runs() %}
    {#- In the transaction of a model, and at the end of a run: stops a run whose place another one has taken. -#}
    {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'retry'] -%}
        {{- adapter.dispatch('refuse_other_runs', 'lead_scoring')() -}}
    {%- endif -%}
{%- endmacro %}

{% macro default__refuse_other_runs() %}{% endmacro %}

{% macro postgres__refuse_other_runs() %}
    {%- set latest = run_query('select run_id from ' ~ latest_run_table() ~ ' for share').rows[0][0] -%}
    {%- if latest != invocation_id -%}
        {%- do exceptions.raise_compiler_error(problem_message(
            'schema ' ~ target.schema ~ ' at ' ~ target.host ~ ':' ~ target.port, 'one run at a time',
            'that another one has begun since this one did', 'Leave the other one to its end; it repairs what is half done.'
        )) -%}
    {%- endif -%}
{%- endmacro %}
