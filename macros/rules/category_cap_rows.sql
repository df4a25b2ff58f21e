{% macro category_cap_rows() %}
    {#- The rows of category_caps as numbers; null does not bind. -#}
    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('category') }} as category,
        cast({{ parse_number(seed_cell('min_points')) }} as {{ type_points() }}) as min_points,
        cast({{ parse_number(seed_cell('max_points')) }} as {{ type_points() }}) as max_points
    from {{ ref('category_caps') }}
{%- endmacro %}
