{% macro cap_category_points(rule_points) %}
    {%- set points = type_points() %}
with

rule_points as (

    select
        lead_id,
        as_of_date,
        scorecard,
        score,
        category,
        capped_points_before_decay,
        capped_points
    from {{ rule_points }}

),

category_caps as (

    {{ category_cap_rows() }}

),

category_points as (

    select
        lead_id,
        as_of_date,
        scorecard,
        score,
        category,
        cast(sum(capped_points_before_decay) as {{ points }}) as points_before_decay,
        cast(sum(capped_points) as {{ points }}) as points
    from rule_points
    group by
        lead_id,
        as_of_date,
        scorecard,
        score,
        category

)

select
    category_points.lead_id,
    category_points.as_of_date,
    category_points.scorecard,
    category_points.score,
    category_points.category,
    category_points.points,
    {{ clamped(
        'category_points.points_before_decay', 'category_caps.min_points', 'category_caps.max_points'
    ) }}
        as capped_points_before_decay,
    {{ clamped('category_points.points', 'category_caps.min_points', 'category_caps.max_points') }}
        as capped_points
from category_points
left join category_caps
    on
        category_points.scorecard = category_caps.scorecard
        and category_points.score = category_caps.score
        and category_points.category = category_caps.category
{%- endmacro %}
