{%- set points = type_points() -%}

with

rules as (

    select * from {{ ref('int_rules_unioned') }}

),

lead_scorecards as (

    select
        lead_id,
        scorecard
    from {{ ref('int_lead_scorecards_assigned') }}

),

profile_matches as (

    select
        lead_id,
        condition_id
    from {{ ref('int_profile_conditions_matched') }}
    where is_matched

),

activity as (

    select
        lead_id,
        condition_id,
        event_date,
        event_count
    from {{ ref('int_activity_matched') }}

),

fit_points as (

    select
        profile_matches.lead_id,
        rules.scorecard,
        rules.rule_id,
        1 as match_count,
        rules.points as points_before_decay,
        rules.points,
        cast(null as date) as last_matched_on
    from profile_matches
    inner join rules
        on profile_matches.condition_id = rules.condition_id
    where rules.score = 'fit'

),

counted_days as (

    select
        activity.lead_id,
        activity.event_date,
        case
            when activity.event_count > rules.daily_cap then rules.daily_cap
            else activity.event_count
        end as match_count,
        {{ age_days('activity.event_date') }} as age_days,
        rules.scorecard,
        rules.rule_id,
        rules.points,
        rules.decay_kind,
        rules.decay_days,
        rules.decay_percent,
        rules.decay_delay_days,
        rules.decay_floor
    from activity
    inner join rules
        on activity.condition_id = rules.condition_id
    where rules.score = 'engagement'

),

event_points as (

    select
        lead_id,
        scorecard,
        rule_id,
        sum(match_count) as match_count,
        sum(points * match_count) as points_before_decay,
        sum(points * match_count * {{ decay_factor('age_days') }}) as points,
        max(event_date) as last_matched_on
    from counted_days
    group by
        lead_id,
        scorecard,
        rule_id

),

all_points as (

    select * from fit_points

    union all

    select * from event_points

)

select
    all_points.lead_id,
    all_points.scorecard,
    rules.score,
    rules.category,
    all_points.rule_id,
    cast(all_points.match_count as {{ type_double() }}) as match_count,
    cast(all_points.points_before_decay as {{ points }}) as points_before_decay,
    cast(all_points.points as {{ points }}) as points,
    cast(
        {{ clamped('cast(all_points.points_before_decay as ' ~ points ~ ')',
            'cast(-rules.max_points as ' ~ points ~ ')', 'cast(rules.max_points as ' ~ points ~ ')') }}
        as {{ points }}
    ) as capped_points_before_decay,
    cast(
        {{ clamped('cast(all_points.points as ' ~ points ~ ')',
            'cast(-rules.max_points as ' ~ points ~ ')', 'cast(rules.max_points as ' ~ points ~ ')') }}
        as {{ points }}
    ) as capped_points,
    rules.reason,
    all_points.last_matched_on
from all_points
inner join rules
    on all_points.rule_id = rules.rule_id
inner join lead_scorecards
    on
        all_points.lead_id = lead_scorecards.lead_id
        and all_points.scorecard = lead_scorecards.scorecard
