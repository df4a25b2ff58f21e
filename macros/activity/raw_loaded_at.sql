{% macro raw_loaded_at(columns) %}
    {#- When a row of raw_events, named raw_rows, was loaded, as raw_cells and raw_value read it; null if unknown. -#}
    {%- if 'loaded_at' not in columns -%}
        {{ raw_value(columns, 'loaded_at', 'timestamp') }}
    {%- else -%}
        {%- set stored = 'raw_rows.' ~ adapter.quote(columns['loaded_at'].name) -%}
        {%- set is_text = columns['loaded_at'].kind == 'text' -%}
        {{ parse_timestamp(
            trimmed('cast(' ~ stored ~ ' as ' ~ dbt.type_string() ~ ')') if is_text else stored,
            columns['loaded_at'].kind
        ) }}
    {%- endif -%}
{%- endmacro %}
