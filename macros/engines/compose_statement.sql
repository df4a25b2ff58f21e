{% macro compose_statement(kept, sql, is_ignored, columns=none) %}
    {#-
        A hook of a model that keeps rows, on Spark: what it deletes from the model, or inserts, becomes a view on what
        is kept so far; other statements are executed.
    -#}
    {%- set statement = sql.strip() -%}
    {%- set name = modules.re.escape(this.render()) -%}
    {%- set deleted = modules.re.match('delete from ' ~ name ~ '\\s+where\\s+(.*)', statement, modules.re.DOTALL) -%}
    {%- set inserted = modules.re.match('insert into ' ~ name ~ ' \\((\\w+)\\)\\s+(.*)', statement, modules.re.DOTALL) -%}
    {%- if not statement or is_ignored -%}
    {%- elif deleted -%}
        {%- do compose_view(
            kept, 'select * from ' ~ kept.rows ~ ' where (' ~ with_rows_from(kept, deleted.group(1)) ~ ') is not true'
        ) -%}
    {%- elif inserted -%}
        {%- set cells = [] -%}
        {%- for column in columns -%}
            {%- do cells.append(('' if column == adapter.quote(inserted.group(1)) else 'null as ') ~ column) -%}
        {%- endfor -%}
        {%- do compose_view(
            kept, 'select ' ~ columns | join(', ') ~ ' from ' ~ kept.rows ~ ' union all select ' ~ cells | join(', ') ~ ' from ('
            ~ with_rows_from(kept, inserted.group(2)) ~ ') as inserted_rows(' ~ inserted.group(1) ~ ')'
        ) -%}
    {%- elif not statement.startswith('select 1 as ') -%}
        {%- do run_query(statement) -%}
    {%- endif -%}
{% endmacro %}
