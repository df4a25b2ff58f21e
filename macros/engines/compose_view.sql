{% macro compose_view(kept, query) %}
    {#- Part of materialization_incremental_spark: what the model keeps is the result of the query from now on. -#}
    {%- set kept.views = kept.views + 1 -%}
    {%- set view = this.identifier ~ '__kept_' ~ kept.views -%}
    {%- do run_query('create or replace temporary view ' ~ view ~ ' as ' ~ query) -%}
    {%- set kept.rows = view -%}
{% endmacro %}
