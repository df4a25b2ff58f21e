{% macro reads_raw_files() %}
    {#- Whether the raw tables are files. -#}
    {{- return(not var('raw_schema', none) and not var('raw_models', none)) -}}
{% endmacro %}
