{% macro engine_problem() %}
    {#- Why the models can't run on the database that dbt is connected to; none if they can. -#}
    {{- return(adapter.dispatch('engine_problem', 'lead_scoring')()) -}}
{%- endmacro %}

{% macro default__engine_problem() %}
    {{- return(none) -}}
{%- endmacro %}

{% macro postgres__engine_problem() %}
    {%- set version = run_query(
        "select cast(current_setting('server_version_num') as integer), current_setting('server_version')"
    ).rows[0] -%}
    {%- if version[0] < 150000 -%}
        {{- return(problem_message(
            'Postgres at ' ~ target.host ~ ':' ~ target.port, 'version 15 or newer', version[1],
            'Upgrade the server, or name another one in LEAD_SCORING_POSTGRES_HOST and LEAD_SCORING_POSTGRES_PORT.'
        )) -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro %}
