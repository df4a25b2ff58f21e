{% macro forget_complete_run() %}
    {#- When a run starts: what it builds and what it leaves do not belong together until it has built everything. -#}
    {%- if execute and flags.WHICH in ['build', 'run', 'retry', 'seed'] -%}
        {%- set table = complete_run_table() -%}
        {%- if adapter.get_relation(database=table.database, schema=table.schema, identifier=table.identifier) -%}
            {%- do adapter.drop_relation(table) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
