{% macro begin_run() %}
    {#- At the start of a run: refuses to run beside another one, where the engine lets two of them write. -#}
    {%- if execute and flags.WHICH in ['build', 'run', 'seed', 'retry'] -%}
        {{- adapter.dispatch('begin_run', 'lead_scoring')() -}}
    {%- endif -%}
{%- endmacro %}

{% macro default__begin_run() %}{% endmacro %}

{#-
    The one row of a table names the run that began last. Each model shares a lock on it until its transaction ends, which
    is also how the server ends what a run that died has left. dbt keeps no connection for as long as a run
    lasts, so a run that is between two models is not seen: the new one takes its place, and it stops at its next model.
-#}
{% macro postgres__begin_run() %}
    {%- set table = latest_run_table() -%}
    {%- do run_query('create table if not exists ' ~ table ~ ' (is_latest boolean primary key, run_id text)') -%}
    {%- do run_query('insert into ' ~ table ~ " values (true, '') on conflict do nothing; commit") -%}
    {%- set seen = namespace(is_free=false) -%}
    {%- for _ in range(5) if not seen.is_free -%}
        {%- set seen.is_free = run_query('select run_id from ' ~ table ~ ' for update skip locked').rows | length > 0 -%}
        {%- if not seen.is_free -%} {%- do run_query('select pg_sleep(1)') -%} {%- endif -%}
    {%- endfor -%}
    {%- if not seen.is_free -%}
        {%- do exceptions.raise_compiler_error(problem_message(
            'schema ' ~ target.schema ~ ' at ' ~ target.host ~ ':' ~ target.port, 'that no other run writes to it',
            'that one does', 'Wait until it ends, and run again.'
        )) -%}
    {%- endif -%}
    {%- do run_query('update ' ~ table ~ " set run_id = '" ~ invocation_id ~ "'; commit") -%}
{%- endmacro %}
