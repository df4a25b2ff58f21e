{%- set points = type_points() -%}

with

condition_matches as (

    {{ conditions_on_dates(ref('int_lead_dates_scored'), ref('int_dated_conditions_matched')) }}

),

conditions as (

    select
        lead_id,
        condition_id,
        is_matched,
        is_open
    from condition_matches
    where as_of_date = {{ as_of_date() }}

),

rules as (

    select
        rule_id,
        scorecard,
        category,
        condition_id,
        cast(points as {{ points }}) as points
    from {{ ref('int_rules_unioned') }}
    where score = 'fit'

),

category_caps as (

    {{ category_cap_rows() }}

),

scorecards as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        cast({{ parse_number(seed_cell('fit_max_points')) }} as {{ points }}) as fit_max_points
    from {{ ref('scorecards') }}

),

-- An open rule may still turn out either way, whatever it gives now.
rule_ranges as (

    select
        conditions.lead_id,
        rules.scorecard,
        rules.category,
        case when conditions.is_open and rules.points > 0 then 0 else rules.points end as low_points,
        case when conditions.is_open and rules.points < 0 then 0 else rules.points end as high_points
    from conditions
    inner join rules
        on conditions.condition_id = rules.condition_id

),

category_ranges as (

    select
        lead_id,
        scorecard,
        category,
        sum(low_points) as low_points,
        sum(high_points) as high_points
    from rule_ranges
    group by
        lead_id,
        scorecard,
        category

),

capped_ranges as (

    select
        category_ranges.lead_id,
        category_ranges.scorecard,
        {{ clamped('category_ranges.low_points', 'category_caps.min_points', 'category_caps.max_points') }}
            as low_points,
        {{ clamped('category_ranges.high_points', 'category_caps.min_points', 'category_caps.max_points') }}
            as high_points
    from category_ranges
    left join category_caps
        on
            category_ranges.scorecard = category_caps.scorecard
            and category_ranges.category = category_caps.category
            and category_caps.score = 'fit'

),

totals as (

    select
        lead_id,
        scorecard,
        sum(low_points) as low_points,
        sum(high_points) as high_points
    from capped_ranges
    group by
        lead_id,
        scorecard

),

clamped_totals as (

    select
        totals.lead_id,
        totals.scorecard,
        scorecards.fit_max_points,
        {{ clamped('totals.low_points', '0', 'scorecards.fit_max_points') }} as low_points,
        {{ clamped('totals.high_points', '0', 'scorecards.fit_max_points') }} as high_points
    from totals
    inner join scorecards
        on totals.scorecard = scorecards.scorecard

)

select
    lead_id,
    scorecard,
    {{ rounded_score(normalised_score('low_points', 'fit_max_points')) }} as fit_score_low,
    {{ rounded_score(normalised_score('high_points', 'fit_max_points')) }} as fit_score_high
from clamped_totals
