{#-
    Replaces dbt's macro of this name: the tables of rule files have one column more, filled by load_csv_rows. They
    have the columns that are described and no others, so that no statement is built from what stands in a file.
    For the rule files of this package the name alone is found first, in whatever project it is; for those that another
    project brings, its dispatch of dbt's macros has to name this package.
-#}
{% macro create_csv_table(model, agate_table) %}
    {{- return(lead_scoring.default__create_csv_table(model, agate_table)) -}}
{% endmacro %}

{% macro default__create_csv_table(model, agate_table) %}
    {%- if 'line_number' not in model.columns -%}
        {{- return(lead_scoring.macro_of_dbt('create_csv_table')(model, agate_table)) -}}
    {%- endif -%}
    {%- set columns = lead_scoring.seed_columns(model) -%}
    {%- set missing = columns | reject('in', agate_table.column_names) | list -%}
    {%- if missing -%}
        {%- do exceptions.raise_compiler_error(lead_scoring.problem_message(
            model.original_file_path ~ ':1', 'column ' ~ missing | join(' and '),
            'the columns ' ~ agate_table.column_names | join(', '),
            'Add it to the first line; its cells may stay blank.'
        )) -%}
    {%- endif -%}
    {%- set sql -%}
    create table {{ this.render() }} (
        {%- for column in columns %}
        {{ adapter.quote_seed_column(column, model.config.quote_columns) }} {{ model.config.column_types[column] }},
        {%- endfor %}
        line_number {{ dbt.type_int() }}
    )
    {%- endset -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{- return(sql) -}}
{% endmacro %}
