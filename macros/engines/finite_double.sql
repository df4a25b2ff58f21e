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
