{% macro importer_problems() %}
    {#- What an engine needs a project to say that imports this one, and that it does not. -#}
    {{- return(adapter.dispatch('importer_problems', 'lead_scoring')()) -}}
{%- endmacro %}

{% macro default__importer_problems() %}
    {{- return([]) -}}
{%- endmacro %}

{% macro spark__importer_problems() %}
    {%- set problems = [] -%}
    {%- if 'materialization_incremental_spark' not in context.get(project_name, {}) -%}
        {%- do problems.append(problem_message(
            'project ' ~ project_name, 'a materialization incremental for Spark, which dbt takes from no package', 'none',
            'Copy dbt_packages/lead_scoring/integration_tests/macros/incremental_spark.sql into macros/ of the project.'
        )) -%}
    {%- endif -%}
    {%- if adapter.dispatch('dateadd', 'dbt').macro.package_name in ('dbt', 'dbt_spark') -%}
        {%- do problems.append(problem_message(
            'project ' ~ project_name, "a dispatch of dbt's macros on Spark that asks the package", 'one without it',
            'Add to dbt_project.yml: dispatch: [{macro_namespace: dbt, search_order: [' ~ project_name
            ~ ', lead_scoring, dbt]}]'
        )) -%}
    {%- endif -%}
    {{- return(problems) -}}
{%- endmacro %}

{#- It has materializations of its own, and nothing was tried there. -#}
{% macro databricks__importer_problems() %}
    {{- return([]) -}}
{%- endmacro %}
