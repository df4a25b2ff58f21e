{#-
    Replaces dbt's macro of this name: the rows of rule files get the line of the file on which they begin, because
    a table has no order. Every value is bound, so no cell becomes part of a statement. A blank line is a row of nulls,
    as dbt has it.
-#}
{% macro default__load_csv_rows(model, agate_table) %}
    {%- if model.name not in seed_columns() -%}
        {{- return(dbt.default__load_csv_rows(model, agate_table)) -}}
    {%- endif -%}
    {#- Cells may hold line ends, and so may the names of columns. -#}
    {%- set next = namespace(line=2 + (agate_table.column_names | join).count('\n')) -%}
    {%- set agate_table = agate_table.exclude(['line_number']) -%}
    {%- set columns = get_seed_column_quoted_csv(model, agate_table.column_names) -%}
    {%- set marks = ([get_binding_char()] * (1 + agate_table.column_names | length)) | join(', ') -%}
    {%- set statements = [] -%}
    {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
        {%- set bindings = [] -%}
        {%- for row in chunk -%}
            {%- do bindings.extend(row) -%}
            {%- do bindings.append(next.line) -%}
            {%- set next.line = next.line + 1 + (row | select('string') | join).count('\n') -%}
        {%- endfor -%}
        {%- set sql -%}
        insert into {{ this.render() }} ({{ columns }}, line_number)
        values {{ (['(' ~ marks ~ ')'] * (chunk | length)) | join(', ') }}
        {%- endset -%}
        {%- do adapter.add_query(sql, bindings=bindings, abridge_sql_log=True) -%}
        {%- do statements.append(sql) -%}
    {%- endfor -%}
    {{- return(statements[0]) -}}
{% endmacro %}
