{% macro raw_location(table) %}
    {%- if reads_raw_files() -%}
        {{- return(env_var('LEAD_SCORING_RAW', 'data/demo') ~ '/' ~ table ~ '.parquet or .csv') -}}
    {%- endif -%}
    {{- return(raw_source(table) | string) -}}
{% endmacro %}
