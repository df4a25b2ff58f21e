{% macro clean_id(cell, kind) %}
    {#- The id as text, compared exactly; null if blank after trimming, which is soon seen to be otherwise. -#}
    {%- set as_text = 'cast(' ~ cell ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- if kind == 'text' -%}
        case
            when {{ bytewise(as_text) }} >= '!' and {{ bytewise(as_text) }} < chr(127) then {{ as_text }}
            when {{ trimmed(as_text) }} is not null then {{ as_text }}
        end
    {%- else -%}
        {{ as_text }}
    {%- endif -%}
{%- endmacro %}
