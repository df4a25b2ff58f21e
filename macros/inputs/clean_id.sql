{% macro clean_id(cell, kind) %}
    {#- The id as text, compared exactly; null if blank after trimming. -#}
    {%- if kind == 'text' -%}
        case when {{ trimmed(cell) }} is not null then {{ cell }} end
    {%- else -%}
        cast({{ cell }} as {{ dbt.type_string() }})
    {%- endif -%}
{%- endmacro %}
