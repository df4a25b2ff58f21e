{% macro insert_cells(insert, rows) %}
    {#- Runs an insert of rows of cells, none of which becomes part of a statement, and returns it. -#}
    {{- return(adapter.dispatch('insert_cells', 'lead_scoring')(insert, rows)) -}}
{% endmacro %}

{% macro default__insert_cells(insert, rows) %}
    {%- set marks = '(' ~ ([get_binding_char()] * (rows[0] | length)) | join(', ') ~ ')' -%}
    {%- set sql = insert ~ ' values ' ~ ([marks] * (rows | length)) | join(', ') -%}
    {%- do adapter.add_query(sql, bindings=rows | sum(start=[]), abridge_sql_log=True) -%}
    {{- return(sql) -}}
{% endmacro %}

{#- Sessions of Spark bind nothing, and dbt puts the values into the text as they are; hexadecimal digits are no SQL. -#}
{% macro spark__insert_cells(insert, rows) %}
    {%- set listed = [] -%}
    {%- for row in rows -%}
        {%- set cells = [] -%}
        {%- for cell in row -%}
            {%- if cell is none -%}
                {%- do cells.append('null') -%}
            {%- elif cell is string -%}
                {%- do cells.append("cast(X'" ~ cell.encode('utf-8').hex() ~ "' as string)") -%}
            {%- else -%}
                {%- do cells.append(cell | string) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- do listed.append('(' ~ cells | join(', ') ~ ')') -%}
    {%- endfor -%}
    {%- set sql = insert ~ ' values ' ~ listed | join(', ') -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {{- return(sql) -}}
{% endmacro %}
