{% macro finite_double(expression) %}
    {#- Text of a well-formed number as a double; null where it exceeds the largest one. -#}
    {{- adapter.dispatch('finite_double', 'lead_scoring')(expression) -}}
{%- endmacro %}

{% macro default__finite_double(expression) %}
    nullif(
        nullif({{ dbt.safe_cast(expression, type_double()) }} + 0, cast('infinity' as {{ type_double() }})),
        cast('-infinity' as {{ type_double() }})
    )
{%- endmacro %}

{#- Postgres fails where a number is too large or too small for a double. -#}
{% macro postgres__finite_double(expression) %}
    case
        when {{ expression }} !~* 'e[+-]?[0-9]{3,}' and length({{ expression }}) <= 200
            then cast({{ expression }} as {{ type_double() }}) + 0
    end
{%- endmacro %}
