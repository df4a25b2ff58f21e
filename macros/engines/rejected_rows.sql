{% macro rejected_rows() %}
    {#- Lines of raw CSV files that break the format: table_name, line, error. Only DuckDB reads files. -#}
    {{- adapter.dispatch('rejected_rows', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__rejected_rows() %}
    (
        select
            cast(null as {{ dbt.type_string() }}) as table_name,
            cast(null as bigint) as line,
            cast(null as {{ dbt.type_string() }}) as error
        where 1 = 0
    )
{%- endmacro %}

{% macro duckdb__rejected_rows() %}
    {%- if reads_raw_files() -%}
        {{ adapter.quote(source('raw', 'raw_leads').schema) }}.rejected_rows
    {%- else -%}
        {{ default__rejected_rows() }}
    {%- endif -%}
{%- endmacro %}
