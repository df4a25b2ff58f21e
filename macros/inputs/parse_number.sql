{% macro parse_number(expression, kind='text') %}
    {#- Text follows the grammar of the contract: no underscores, no nan, no inf. Adding 0 turns -0 into 0. -#}
    {%- if kind == 'number' -%}
        case
            when abs(cast({{ expression }} as {{ type_double() }})) <= 1.7976931348623157e308
                then cast({{ expression }} as {{ type_double() }}) + 0
        end
    {%- elif kind == 'text' -%}
        case
            when {{ regex_found(expression, "'^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[+-]?[0-9]+)?$'") }}
                then {{ finite_double(expression) }}
        end
    {%- else -%}
        cast(null as {{ type_double() }})
    {%- endif -%}
{%- endmacro %}
