{% macro purge_erased_copies() %}
    {#-
        After the erasures are known: CSV files are loaded into tables, from which erased leads go too. Their links stay until
        the end of the run, as a visitor whose last lead is erased must not fall back to the one before.
    -#}
    {%- if execute and reads_raw_files() and flags.WHICH in ['build', 'run', 'retry'] and not flags.EMPTY -%}
        {%- for table, contract in raw_tables().items() if 'lead_id' in contract.columns and table != 'raw_identities' -%}
            {%- do purge_erased_copy(table, this) -%}
        {%- endfor -%}
    {%- endif -%}
    select 1 as nothing_left
{%- endmacro %}
