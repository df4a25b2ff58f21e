{% macro events_contract_key() %}
    {#-
        What the stored events were read by: where raw_events is, its columns, and the declared fields. The number in
        front is raised when a version of the project reads events in another way.
    -#}
    {%- set columns = [] -%}
    {%- if execute -%}
        {%- for name, column in raw_columns('raw_events').items() | sort -%}
            {%- do columns.append([name, column.name, column.kind]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(local_md5(tojson([3, raw_location('raw_events'), columns, declared_columns('event')], sort_keys=true))) -}}
{% endmacro %}
