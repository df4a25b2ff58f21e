{#- Replaces dbt's macro of this name: the tables of rule files have one column more, filled by load_csv_rows. -#}
{% macro default__create_csv_table(model, agate_table) %}
    {%- if model.name not in seed_columns() -%}
        {{- return(dbt.default__create_csv_table(model, agate_table)) -}}
    {%- endif -%}
    {%- set agate_table = agate_table.exclude(['line_number']) -%}
    {%- set sql -%}
    create table {{ this.render() }} (
        {%- for column in agate_table.column_names %}
        {{ adapter.quote_seed_column(column, model.config.quote_columns) }}
            {{- ' ' ~ model.config.column_types.get(column, adapter.convert_type(agate_table, loop.index0)) }},
        {%- endfor %}
        line_number {{ dbt.type_int() }}
    )
    {%- endset -%}
    {%- call statement('_') -%} {{ sql }} {%- endcall -%}
    {{- return(sql) -}}
{% endmacro %}
