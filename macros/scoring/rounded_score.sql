{% macro rounded_score(score) %}
    {#-
        Two decimals, halves away from zero. The detour over ten decimals takes off the noise of binary fractions,
        which would round 49.995 down.
    -#}
    cast(round(cast({{ score }} as {{ type_exact_score() }}), 2) as {{ type_score() }})
{%- endmacro %}
