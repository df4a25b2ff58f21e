{% macro finite_double(expression) %}
    {#- Text of a well-formed number as a double; null where it exceeds the largest one. -#}
    {{- adapter.dispatch('finite_double', 'lead_scoring')(expression) -}}
{%- endmacro %}

{% macro default__finite_double(expression) %}
    nullif(
        nullif({{ dbt.safe_cast(expression, type_double()) }} + 0, cast('inf' as {{ type_double() }})),
        cast('-inf' as {{ type_double() }})
    )
{%- endmacro %}

{#-
    Postgres fails where a number is too large or too small for a double, so those that could be are compared as decimals
    with the ends of its range first. Beyond four digits of the exponent these end too.
-#}
{% macro postgres__finite_double(expression) %}
    {%- set double = type_double() -%}
    case
        when {{ expression }} !~* 'e[+-]?[0-9]{3,}' and length({{ expression }}) <= 200
            then cast({{ expression }} as {{ double }}) + 0
        when length({{ expression }}) > 1000 or {{ expression }} ~* 'e[+]?[0-9]{5,}' then null
        when {{ expression }} ~* 'e-[0-9]{5,}' or abs(cast({{ expression }} as numeric)) < 2.4703282292062328e-324
            then cast(0 as {{ double }})
        when abs(cast({{ expression }} as numeric)) < 1.7976931348623158e308
            then cast({{ expression }} as {{ double }}) + 0
    end
{%- endmacro %}
