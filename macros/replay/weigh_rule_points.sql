{% macro weigh_rule_points(lead_dates, dated_conditions, lead_scorecards, is_forecast=false) %}
    {%- set points = type_points() %}
    {%- set unknown_points = 'cast(null as ' ~ points ~ ')' %}
with

rules as (

    select
        *,
        row_number() over (order by rule_id) as rule_number,
        cast(points as {{ points }}) as whole_points,
        cast(max_points as {{ points }}) as high_points,
        cast(-max_points as {{ points }}) as low_points
        {%- if is_forecast %},
        -- The age from which on an event counts no more; null where that never comes.
        case
            when within_days is not null then within_days
            when decay_floor > 0 then null
            when decay_kind in ('window', 'linear') then decay_delay_days + decay_days
            when decay_kind = 'stepped' then decay_delay_days + decay_days * (floor(100 / decay_percent) + 1)
        end as lasts_days
        {%- endif %}
    from {{ ref('int_rules_unioned') }}

),

lead_scorecards as (

    select
        lead_scorecards.lead_id,
        lead_scorecards.as_of_date,
        {%- if is_forecast %}
        {{ age_days(as_of_date(), 'lead_scorecards.as_of_date') }} as days_ahead,
        {%- endif %}
        lead_scorecards.scorecard
    from {{ named(lead_scorecards, 'lead_scorecards') }}
    inner join {{ named(lead_dates, 'lead_dates') }}
        on
            lead_scorecards.lead_id = lead_dates.lead_id
            and lead_scorecards.as_of_date = lead_dates.as_of_date

),

lead_dates as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        {{ age_days('cast(profiles.created_at as date)', 'lead_dates.as_of_date') }} as lead_age_days
    from {{ named(lead_dates, 'lead_dates') }}
    inner join {{ named(ref('int_profiles_joined'), 'profiles') }}
        on lead_dates.lead_id = profiles.lead_id

),

condition_matches as (

    {{ conditions_on_dates(lead_dates, dated_conditions) }}

),

-- Without a date where the match holds on every date.
activity as (

    select
        lead_id,
        condition_id,
        event_date,
        as_of_date,
        event_count
    from {{ ref('int_activity_matched') }}
    where event_date <= {{ as_of_date() }}

),

profile_points as (

    select
        condition_matches.lead_id,
        condition_matches.as_of_date,
        rules.rule_number,
        1 as match_count,
        {{ unknown_points if is_forecast else 'rules.whole_points' }} as points_before_decay,
        rules.whole_points as points,
        cast(null as date) as last_matched_on
    from condition_matches
    inner join rules
        on condition_matches.condition_id = rules.condition_id
    inner join lead_scorecards
        on
            condition_matches.lead_id = lead_scorecards.lead_id
            and condition_matches.as_of_date = lead_scorecards.as_of_date
            and rules.scorecard = lead_scorecards.scorecard
    where
        condition_matches.is_matched
        and rules.earned_by = 'profile'

),

event_days as (

    {{ foreseen_days('event') if is_forecast else counted_days('event') }}

),

event_points as (

    select
        lead_id,
        as_of_date,
        rule_number,
        sum(match_count) as match_count,
        {{ unknown_points if is_forecast else points_of_sum('min(points) * sum(match_count)') }} as points_before_decay,
        {{ points_of_sum(
            'sum(cast(points * match_count * ' ~ decay_factor('age_days') ~ ' as ' ~ type_exact_points() ~ '))'
        ) }} as points,
        {{ 'cast(null as date)' if is_forecast else 'max(event_date)' }} as last_matched_on
    from event_days
    group by
        lead_id,
        as_of_date,
        rule_number

),

window_days as (

    {{ foreseen_days('window') if is_forecast else counted_days('window') }}

),

window_counts as (

    select
        lead_id,
        as_of_date,
        rule_number,
        sum(match_count) as match_count,
        min(age_days) as age_days,
        {{ 'cast(null as date)' if is_forecast else 'max(event_date)' }} as last_matched_on
    from window_days
    where age_days < within_days
    group by
        lead_id,
        as_of_date,
        rule_number

),

-- Leads without a matching event are in these too, for rules on silence.
windows as (

    select
        lead_scorecards.lead_id,
        lead_scorecards.as_of_date,
        rules.rule_number,
        rules.points,
        rules.whole_points,
        rules.decay_kind,
        rules.decay_days,
        rules.decay_percent,
        rules.decay_delay_days,
        rules.decay_floor,
        coalesce(window_counts.match_count, 0) as match_count,
        window_counts.age_days,
        window_counts.last_matched_on
    from lead_scorecards
    inner join lead_dates
        on
            lead_scorecards.lead_id = lead_dates.lead_id
            and lead_scorecards.as_of_date = lead_dates.as_of_date
    inner join rules
        on lead_scorecards.scorecard = rules.scorecard
    left join window_counts
        on
            lead_scorecards.lead_id = window_counts.lead_id
            and lead_scorecards.as_of_date = window_counts.as_of_date
            and rules.rule_number = window_counts.rule_number
    where
        rules.earned_by = 'window'
        and coalesce(window_counts.match_count, 0) >= coalesce(rules.min_events, 0)
        and (
            rules.max_events is null
            or (
                coalesce(window_counts.match_count, 0) <= rules.max_events
                and lead_dates.lead_age_days >= rules.within_days
            )
        )

),

window_points as (

    select
        lead_id,
        as_of_date,
        rule_number,
        match_count,
        {{ unknown_points if is_forecast else 'whole_points' }} as points_before_decay,
        -- Rounded as the points of events are.
        {{ points_of_sum('cast(points * ' ~ decay_factor('age_days') ~ ' as ' ~ type_exact_points() ~ ')') }} as points,
        last_matched_on
    from windows

),

all_points as (

    select * from profile_points

    union all

    select * from event_points

    union all

    select * from window_points

),

rule_points as (

    select
        all_points.lead_id,
        all_points.as_of_date,
        rules.scorecard,
        rules.score,
        rules.category,
        rules.rule_id,
        cast(all_points.match_count as {{ type_double() }}) as match_count,
        all_points.points_before_decay,
        all_points.points,
        rules.reason,
        rules.low_points,
        rules.high_points,
        all_points.last_matched_on
    from all_points
    inner join rules
        on all_points.rule_number = rules.rule_number

)

select
    lead_id,
    as_of_date,
    scorecard,
    score,
    category,
    rule_id,
    match_count,
    points_before_decay,
    points,
    {{ clamped('points_before_decay', 'low_points', 'high_points') }} as capped_points_before_decay,
    {{ clamped('points', 'low_points', 'high_points') }} as capped_points,
    reason,
    last_matched_on
from rule_points
{%- endmacro %}
