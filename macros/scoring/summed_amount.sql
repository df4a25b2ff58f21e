{% macro summed_amount(amount) %}
    {#-
        The sum of amounts as a double. Decimals add up to the same in any order, binary fractions do not; only amounts
        too large for decimals are added as they are.
    -#}
    {%- set double = type_double() -%}
    (
        cast(coalesce(sum(case when abs({{ amount }}) < 1e15 then cast({{ amount }} as {{ type_amount() }}) end), 0) as {{ double }})
        + coalesce(sum(case when abs({{ amount }}) >= 1e15 then {{ amount }} end), 0)
    )
{%- endmacro %}
