{%- set points = type_points() %}

with

scorecards as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        cast({{ parse_number(seed_cell('fit_max_points')) }} as {{ points }}) as fit_max_points
    from {{ ref('scorecards') }}

),

rollups as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        cast({{ parse_number(seed_cell('fit_max_points')) }} as {{ points }}) as fit_max_points
    from {{ ref('account_rollups') }}

),

category_points as (

    select
        matches.account_id,
        rules.scorecard,
        rules.category,
        sum(cast(rules.points as {{ points }})) as points
    from {{ named(ref('int_account_conditions_matched'), 'matches') }}
    inner join {{ named(ref('int_rules_unioned'), 'rules') }}
        on
            matches.condition_id = rules.condition_id
            and rules.score = 'fit'
    group by
        matches.account_id,
        rules.scorecard,
        rules.category

),

category_caps as (

    {{ category_cap_rows() }}

),

totals as (

    select
        category_points.account_id,
        category_points.scorecard,
        sum(
            {{ clamped('category_points.points', 'category_caps.min_points', 'category_caps.max_points') }}
        ) as points
    from category_points
    left join category_caps
        on
            category_points.scorecard = category_caps.scorecard
            and category_points.category = category_caps.category
            and category_caps.score = 'fit'
    group by
        category_points.account_id,
        category_points.scorecard

),

maxima as (

    select
        scorecards.scorecard,
        coalesce(rollups.fit_max_points, scorecards.fit_max_points) as fit_max_points
    from scorecards
    left join rollups
        on scorecards.scorecard = rollups.scorecard

)

select
    totals.account_id,
    totals.scorecard,
    {{ normalised_score(clamped('totals.points', '0', 'maxima.fit_max_points'), 'maxima.fit_max_points') }}
        as fit_score
from totals
inner join maxima
    on totals.scorecard = maxima.scorecard
