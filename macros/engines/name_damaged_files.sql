{% macro name_damaged_files(results) %}
    {#-
        At the end of a run in which a model failed: names the raw files that can't be read to their end. Reading each one
        whole before each run would cost more than the run.
    -#}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry'] and reads_raw_files() -%}
        {%- set said = [] -%}
        {%- for result in results if result.status == 'error' and '[lead_scoring]' not in result.message | string -%}
            {%- do said.append(result.message | string) -%}
        {%- endfor -%}
        {#- A database that could not be written to answers no more. -#}
        {%- if said and 'FATAL' not in said | join -%}
            {{- adapter.dispatch('name_damaged_files', 'lead_scoring')() -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{% macro default__name_damaged_files() %}{% endmacro %}

{% macro duckdb__name_damaged_files() %}
    {%- set can_look = run_query(
        "select 1 from duckdb_functions() where function_name = 'lead_scoring_data_problem'"
    ).rows | length > 0 -%}
    {%- set found = run_query(
        "select file, lead_scoring_data_problem(file) as problem from glob('"
        ~ raw_folder() | replace("'", "''") ~ "/raw_*.parquet') order by file"
    ).rows if can_look else [] -%}
    {%- set problems = [] -%}
    {%- for file, problem in found if problem -%}
        {%- do problems.append(problem_message(
            file, 'a Parquet file that can be read to its end', problem,
            'Write it anew, under another name first, and rename it when it is whole; then run again.'
        )) -%}
    {%- endfor -%}
    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(problems | join('\n')) -%}
    {%- endif -%}
{% endmacro %}
