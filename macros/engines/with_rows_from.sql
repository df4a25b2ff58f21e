{% macro with_rows_from(kept, sql) %}
    {#- Part of materialization_incremental_spark: SQL that reads what the model keeps now where it says the model. -#}
    {{- return(modules.re.sub(modules.re.escape(this.render()) ~ '\\b', kept.rows, sql)) -}}
{% endmacro %}
