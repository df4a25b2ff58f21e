{% macro parse_boolean(expression, kind='text') %}
    {%- if kind == 'boolean' -%}
        {{ expression }}
    {%- elif kind == 'number' -%}
        case when {{ expression }} = 1 then true when {{ expression }} = 0 then false end
    {%- else -%}
        {%- set text = 'lower(cast(' ~ expression ~ ' as ' ~ dbt.type_string() ~ '))' -%}
        case
            when {{ text }} in ('true', 't', 'yes', '1') then true
            when {{ text }} in ('false', 'f', 'no', '0') then false
        end
    {%- endif -%}
{%- endmacro %}
