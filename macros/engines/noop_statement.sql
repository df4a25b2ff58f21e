{% macro noop_statement(name=None, message=None, code=None, rows_affected=None, res=None) %}
    {#-
        Replaces dbt's macro of this name, which the seed materialization alone calls. dbt writes the SQL of a
        seed to <target>/run/<seed path>; for an absolute seed path (LEAD_SCORING_SEEDS) that is the CSV file
        itself, which would be overwritten. So nothing is written for seeds.
    -#}
    {%- set sql = caller() -%}
    {%- if name is not none -%}
        {{- store_raw_result(
            name, message=message, code=code, rows_affected=rows_affected, agate_table=res
        ) -}}
    {%- endif -%}
{% endmacro %}
