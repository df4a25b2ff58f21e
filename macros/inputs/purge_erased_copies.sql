{% macro purge_erased_copies() %}
    {#- After the erasures are known: CSV files are loaded into tables, from which erased leads go too. -#}
    {%- if execute and reads_raw_files() and flags.WHICH in ['build', 'run', 'retry'] and not flags.EMPTY -%}
        {%- for table, contract in raw_tables().items() if 'lead_id' in contract.columns -%}
            {%- set columns = raw_columns(table) -%}
            {%- set copies = run_query(
                "select 1 from information_schema.tables where table_catalog = current_database()"
                ~ " and table_schema = '" ~ source('raw', table).schema ~ "' and table_name = '" ~ table
                ~ "' and table_type = 'BASE TABLE'"
            ).rows | length -%}
            {%- if copies and 'lead_id' in columns -%}
                {%- do run_query(
                    'delete from ' ~ source('raw', table) ~ ' where '
                    ~ is_erased(clean_id(adapter.quote(columns['lead_id'].name), 'text'), this)
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    select 1 as nothing_left
{%- endmacro %}
