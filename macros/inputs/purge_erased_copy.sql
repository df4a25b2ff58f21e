{% macro purge_erased_copy(table, erasures) %}
    {#- Deletes erased leads from one raw table, if it is a table into which a file was loaded. -#}
    {#- Asked for in this way, as what an adapter is asked begins a transaction, which nobody ends after a run. -#}
    {%- set names = run_query(
        "select column_name from information_schema.columns inner join information_schema.tables"
        ~ " using (table_catalog, table_schema, table_name) where table_catalog = current_database()"
        ~ " and table_schema = '" ~ source('raw', table).schema ~ "' and table_name = '" ~ table
        ~ "' and table_type = 'BASE TABLE' and lower(column_name) = 'lead_id'"
    ).columns[0].values() -%}
    {%- for name in names -%}
        {%- do run_query(
            'delete from ' ~ source('raw', table) ~ ' where ' ~ is_erased(clean_id(adapter.quote(name), 'text'), erasures)
        ) -%}
    {%- endfor -%}
{%- endmacro %}
