{% macro purge_erased_links(results) %}
    {#- At the end of a run: the links of erased leads go from the table into which a CSV file was loaded. -#}
    {#- A database that could not be written to answers no more. -#}
    {%- set answers = 'FATAL' not in results | selectattr('status', 'eq', 'error') | map(attribute='message') | join -%}
    {%- if execute and reads_raw_files() and flags.WHICH in ['build', 'run', 'retry'] and not flags.EMPTY and answers -%}
        {#- Hooks may not call ref. -#}
        {%- set model = graph.nodes['model.lead_scoring.stg_raw__erasures'] -%}
        {%- set erasures = adapter.get_relation(database=model.database, schema=model.schema, identifier=model.alias) -%}
        {%- if erasures -%}
            {%- do purge_erased_copy('raw_identities', erasures) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
