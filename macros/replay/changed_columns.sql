{% macro changed_columns(now, before) %}
    {#- The published columns that differ between two rows, each after a bar; null is a value. -#}
    {%- set text = dbt.type_string() -%}
    {%- for column in published_columns() %}
        case
            when
                coalesce(cast({{ now }}.{{ column }} as {{ text }}), '')
                <> coalesce(cast({{ before }}.{{ column }} as {{ text }}), '')
                then '|{{ column }}'
            else ''
        end {{ '||' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
