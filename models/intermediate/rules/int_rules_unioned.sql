with

profile_rules as (

    {% for seed, score in {'fit_rules': 'fit', 'behavior_rules': 'engagement'}.items() -%}
    select distinct
        '{{ seed }}' as seed,
        '{{ score }}' as score,
        {{ seed_cell('rule_id') }} as rule_id,
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('category') }} as category,
        {{ seed_cell('reason') }} as reason,
        {{ parse_number(seed_cell('points')) }} as points
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

engagement_rules as (

    select
        {{ seed_cell('rule_id') }} as rule_id,
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('category') }} as category,
        {{ seed_cell('decay') }} as decay,
        {{ seed_cell('reason') }} as reason,
        {{ parse_number(seed_cell('points')) }} as points,
        {{ parse_number(seed_cell('daily_cap')) }} as daily_cap,
        abs({{ parse_number(seed_cell('max_points')) }}) as max_points,
        {{ parse_number(seed_cell('min_events')) }} as min_events,
        {{ parse_number(seed_cell('max_events')) }} as max_events,
        {{ parse_number(seed_cell('within_days')) }} as within_days
    from {{ ref('engagement_rules') }}

),

decay_curves as (

    select
        {{ seed_cell('decay') }} as decay,
        lower({{ seed_cell('kind') }}) as decay_kind,
        {{ parse_number(seed_cell('days')) }} as decay_days,
        {{ parse_number(seed_cell('percent')) }} as decay_percent,
        coalesce({{ parse_number(seed_cell('delay_days')) }}, 0) as decay_delay_days,
        coalesce({{ parse_number(seed_cell('floor')) }}, 0) as decay_floor
    from {{ ref('decay_curves') }}

),

-- Rows that share a rule_id agree in these columns, which int_rule_problems has made sure of.
rules as (

    select
        seed,
        score,
        rule_id,
        scorecard,
        category,
        cast(null as {{ dbt.type_string() }}) as decay,
        reason,
        points,
        cast(null as {{ type_double() }}) as daily_cap,
        cast(null as {{ type_double() }}) as max_points,
        cast(null as {{ type_double() }}) as min_events,
        cast(null as {{ type_double() }}) as max_events,
        cast(null as {{ type_double() }}) as within_days
    from profile_rules

    union all

    select distinct
        'engagement_rules' as seed,
        'engagement' as score,
        rule_id,
        scorecard,
        category,
        decay,
        reason,
        points,
        daily_cap,
        max_points,
        min_events,
        max_events,
        within_days
    from engagement_rules

),

conditions as (

    select
        condition_id,
        seed,
        owner_id
    from {{ ref('int_conditions_keyed') }}

)

select
    rules.rule_id,
    rules.scorecard,
    rules.score,
    rules.category,
    -- How the rule earns: by the profile, by each event, or by the number of events in a window.
    case
        when rules.seed <> 'engagement_rules' then 'profile'
        when rules.within_days is null then 'event'
        else 'window'
    end as earned_by,
    conditions.condition_id,
    coalesce(decay_curves.decay_kind, 'none') as decay_kind,
    rules.reason,
    rules.points,
    rules.daily_cap,
    rules.max_points,
    rules.min_events,
    rules.max_events,
    rules.within_days,
    decay_curves.decay_days,
    decay_curves.decay_percent,
    coalesce(decay_curves.decay_delay_days, 0) as decay_delay_days,
    coalesce(decay_curves.decay_floor, 0) as decay_floor
from rules
inner join conditions
    on
        rules.seed = conditions.seed
        and rules.rule_id = conditions.owner_id
left join decay_curves
    on rules.decay = decay_curves.decay
