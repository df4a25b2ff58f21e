{% macro run_settings() %}
    {#- The vars that a run was given on the command line, and those that decide what the raw tables are read as. -#}
    {%- set given = invocation_args_dict.get('vars') or {} -%}
    {%- set reading = {} -%}
    {%- for name in ['raw_database', 'raw_schema', 'raw_files_schema', 'raw_tables', 'raw_models', 'lead_fields',
        'account_fields', 'event_fields'] -%}
        {%- do reading.update({name: var(name, none)}) -%}
    {%- endfor -%}
    {%- set named = {} -%}
    {%- for name, value in given.items() -%}
        {%- do named.update({name: value | string if value is not none and value.isoformat is defined else value}) -%}
    {%- endfor -%}
    {{- return({'given': named, 'reading': reading}) -}}
{% endmacro %}
