{% macro wilson_limit(successes, trials, side) %}
    {#-
        The low or high end of the 95 % Wilson score interval of a share, 0 to 1 (E. B. Wilson, 1927). Unlike the
        normal approximation it is sound for few trials and for shares near 0 or 1.
    -#}
    {%- set z = 1.959964 -%}
    {%- set share = '(cast(' ~ successes ~ ' as ' ~ type_double() ~ ') / ' ~ trials ~ ')' -%}
    {%- set limit -%}
        (
            {{ share }} + {{ z * z / 2 }} / {{ trials }}
            {{ '-' if side == 'low' else '+' }} {{ z }} * sqrt(
                {{ share }} * (1 - {{ share }}) / {{ trials }}
                + {{ z * z / 4 }} / (cast({{ trials }} as {{ type_double() }}) * {{ trials }})
            )
        ) / (1 + {{ z * z }} / {{ trials }})
    {%- endset -%}
    {{ rounded_double('case when ' ~ limit ~ ' < 0 then 0 when ' ~ limit ~ ' > 1 then 1 else ' ~ limit ~ ' end') }}
{%- endmacro %}
