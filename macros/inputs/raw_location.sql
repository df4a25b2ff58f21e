{% macro raw_location(table) %}
    {%- if target.type == 'duckdb' and not var('raw_schema', none) -%}
        {{- return(env_var('LEAD_SCORING_RAW', 'data/demo') ~ '/' ~ table ~ '.parquet or .csv') -}}
    {%- endif -%}
    {{- return(source('raw', table) | string) -}}
{% endmacro %}
