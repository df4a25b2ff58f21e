{% macro as_of_date() %}
    {%- set problem = as_of_problem() -%}
    {%- if execute and problem -%}
        {%- do exceptions.raise_compiler_error(problem) -%}
    {%- endif -%}
    cast('{{ as_of_text() }}' as date)
{%- endmacro %}
