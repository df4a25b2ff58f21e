{% macro latest_run_table() %}
    {#- The table whose one row names the run that began last; beside the public tables. -#}
    {{- return(adapter.quote(target.schema) ~ '.lead_scoring_latest_run') -}}
{%- endmacro %}
