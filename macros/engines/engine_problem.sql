{% macro engine_problem() %}
    {#- Why the models can't run on the database that dbt is connected to; none if they can. -#}
    {{- return(adapter.dispatch('engine_problem', 'lead_scoring')()) -}}
{%- endmacro %}

{% macro default__engine_problem() %}
    {{- return(none) -}}
{%- endmacro %}

{% macro postgres__engine_problem() %}
    {%- set where = 'Postgres at ' ~ target.host ~ ':' ~ target.port -%}
    {%- set version = run_query(
        "select cast(current_setting('server_version_num') as integer), current_setting('server_version')"
    ).rows[0] -%}
    {%- if version[0] < 150000 -%}
        {{- return(problem_message(
            where, 'version 15 or newer', version[1],
            'Upgrade the server, or name another one in LEAD_SCORING_POSTGRES_HOST and LEAD_SCORING_POSTGRES_PORT.'
        )) -}}
    {%- endif -%}
    {#- Turkish has an i of its own, and the locale C knows ASCII only. -#}
    {%- set shown = run_query("select lower('ÄI')").rows[0][0] -%}
    {%- if shown != 'äi' -%}
        {{- return(problem_message(
            where, "a database that compares all letters without case (lower('ÄI') = 'äi')", shown,
            "Make another one: create database " ~ target.database ~ " encoding 'UTF8' locale 'C.UTF-8' template template0"
        )) -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro %}

{% macro spark__engine_problem() %}
    {%- set version = run_query('select version()').rows[0][0] -%}
    {%- if version.split('.')[0] | int < 4 -%}
        {{- return(problem_message(
            'Spark', 'version 4 or newer', version.split(' ')[0], 'Upgrade the cluster, or run make .venv/.spark.'
        )) -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro %}

{#- It counts its versions otherwise than Spark, whose macros dbt takes there. -#}
{% macro databricks__engine_problem() %}
    {{- return(none) -}}
{%- endmacro %}
