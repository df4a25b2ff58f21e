{#-
    Replaces dbt's macro of this name: the rows of rule files get the line of the file on which they begin, because
    a table has no order. Every value is bound, so no cell becomes part of a statement. A blank line is a row of nulls,
    as dbt has it. For whom it is found is told in create_csv_table.
-#}
{% macro load_csv_rows(model, agate_table) %}
    {{- return(lead_scoring.default__load_csv_rows(model, agate_table)) -}}
{% endmacro %}

{% macro default__load_csv_rows(model, agate_table) %}
    {%- if 'line_number' not in model.columns -%}
        {{- return(lead_scoring.macro_of_dbt('load_csv_rows')(model, agate_table)) -}}
    {%- endif -%}
    {%- set columns = lead_scoring.seed_columns(model) -%}
    {#- Cells may hold line ends, and so may the names of columns. -#}
    {%- set next = namespace(line=2 + (agate_table.column_names | join).count('\n')) -%}
    {%- set listed = get_seed_column_quoted_csv(model, columns) -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
        {%- set rows = [] -%}
        {%- for row in chunk -%}
            {%- set cells = [] -%}
            {%- for column in columns -%}
                {%- do cells.append(row[column]) -%}
            {%- endfor -%}
            {%- do rows.append(cells + [next.line]) -%}
            {%- set next.line = next.line + 1 + (row | select('string') | join).count('\n') -%}
        {%- endfor -%}
        {%- do statements.append(
            lead_scoring.insert_cells('insert into ' ~ this.render() ~ ' (' ~ listed ~ ', line_number)', rows)
        ) -%}
    {%- endfor -%}
    {{- return(statements[0]) -}}
{% endmacro %}
