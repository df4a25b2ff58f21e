{% macro publish_serving_copy(results) %}
    {#- At the end of a run: where readers can't read while a run writes, gives them a copy of the public tables. -#}
    {{- adapter.dispatch('publish_serving_copy', 'lead_scoring')(results) -}}
{%- endmacro %}

{% macro default__publish_serving_copy(results) %}{% endmacro %}

{#-
    DuckDB lets one process write, and nobody else read meanwhile. The function is that of the plugin in
    profiles.yml; without the plugin there is no copy. Only a run of all public models publishes, and only if
    nothing in it failed. A retry goes by the name of what it repeats, and has the results of the rest alone.
-#}
{% macro duckdb__publish_serving_copy(results) %}
    {%- set is_run = execute and flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
    {%- set own_results = results | selectattr('node.package_name', 'equalto', 'lead_scoring') | list -%}
    {%- set failed = own_results | rejectattr('status', 'in', ['success', 'pass', 'warn', 'no-op']) | list -%}
    {%- if is_run and not failed -%}
        {%- set public = public_relations() -%}
        {%- set built = own_results | map(attribute='node.unique_id') | list -%}
        {%- set missing = public.keys() | reject('in', built) | list -%}
        {%- set has_plugin = run_query(
            "select 1 from duckdb_functions() where function_name = 'lead_scoring_publish'"
        ).rows | length > 0 -%}
        {%- if has_plugin and not missing -%}
            {%- set tables = [] -%}
            {%- for relation in public.values() -%}
                {%- do tables.append("'" ~ (relation | string | replace("'", "''")) ~ "'") -%}
            {%- endfor -%}
            {%- set outcome = run_query(
                'select lead_scoring_publish([' ~ tables | join(', ') ~ '])'
            ).columns[0].values() | first -%}
            {#- A function that fails would bring its stack trace along. -#}
            {%- if outcome.startswith('[lead_scoring]') -%}
                {%- do exceptions.raise_compiler_error(outcome) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
