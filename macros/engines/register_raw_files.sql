{% macro register_raw_files() %}
    {#- Makes the raw files known to the engine, and refuses inputs that the models could not do without. -#}
    {#- Hooks are rendered for compile and docs too, which must work on an empty database. -#}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry'] -%}
        {%- if reads_raw_files() -%}
            {{- adapter.dispatch('register_raw_files', 'lead_scoring')() -}}
        {%- endif -%}
        {%- if not flags.EMPTY -%}
            {{- check_raw_tables() -}}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}

{% macro default__register_raw_files() %}
    {%- do exceptions.raise_compiler_error(problem_message(
        'var raw_schema', 'the schema that holds the raw tables', 'nothing',
        "Pass --vars '{raw_schema: my_schema}'; only DuckDB reads files."
    )) -%}
{% endmacro %}

{% macro duckdb__register_raw_files() %}
    {%- set folder = raw_folder() -%}
    {%- set schema = source('raw', 'raw_leads').schema -%}
    {%- do run_query('create schema if not exists ' ~ adapter.quote(schema)) -%}
    {%- do run_query(
        'create or replace table ' ~ adapter.quote(schema)
        ~ '.rejected_rows (table_name varchar, line bigint, error varchar)'
    ) -%}
    {#- Where the plugin of profiles.yml is not in use, DuckDB's own message comes. -#}
    {%- set can_look = run_query(
        "select 1 from duckdb_functions() where function_name = 'lead_scoring_file_problem'"
    ).rows | length > 0 -%}
    {%- set problems = [] -%}
    {%- for table in raw_tables() -%}
        {%- set target_name = adapter.quote(schema) ~ '.' ~ adapter.quote(table) -%}
        {%- set stem = (folder ~ '/' ~ table) | replace("'", "''") -%}
        {%- set files = run_query(
            "select file from glob('" ~ stem ~ ".parquet') union all select file from glob('" ~ stem ~ ".csv')"
        ).columns[0].values() -%}
        {%- for kind in ['view', 'table'] -%}
            {%- set exists = run_query(
                "select 1 from information_schema.tables where table_catalog = current_database()"
                ~ " and table_schema = '" ~ schema ~ "' and table_name = '" ~ table ~ "' and table_type = '"
                ~ ('VIEW' if kind == 'view' else 'BASE TABLE') ~ "'"
            ).rows | length > 0 -%}
            {%- if exists -%} {%- do run_query('drop ' ~ kind ~ ' ' ~ target_name) -%} {%- endif -%}
        {%- endfor -%}
        {%- if files | length > 1 -%}
            {%- do problems.append(problem_message(
                folder, table ~ '.parquet or ' ~ table ~ '.csv', 'both', 'Remove one of the two.'
            )) -%}
        {%- elif files | length == 1 and files[0].endswith('.parquet') -%}
            {%- set file = "'" ~ files[0] | replace("'", "''") ~ "'" -%}
            {%- set broken = run_query('select lead_scoring_file_problem(' ~ file ~ ')').columns[0].values()[0]
                if can_look else none -%}
            {%- if broken -%}
                {%- do problems.append(problem_message(
                    files[0], 'a whole Parquet file', broken,
                    'Write it anew, under another name first, and rename it when it is whole.'
                )) -%}
            {%- else -%}
                {%- do run_query('create view ' ~ target_name ~ ' as select * from read_parquet(' ~ file ~ ')') -%}
            {%- endif -%}
        {%- elif files | length == 1 -%}
            {%- do load_csv_file(target_name, table, files[0]) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(problems | join('\n')) -%}
    {%- endif -%}
{% endmacro %}
