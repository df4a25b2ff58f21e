{%- set steps = ['awareness', 'consideration', 'decision'] %}

with

scores as (

    select
        lead_id,
        scorecard,
        qualified_stage,
        score_trend,
        fit_score,
        engagement_score,
        lead_score,
        qualified_since,
        cools_on,
        as_of_date
    from {{ ref('lead_scores') }}
    where
        not is_suppressed
        and not is_customer

),

stages as (

    select distinct
        scorecard,
        stage_key,
        stage_place
    from {{ ref('int_qualification_thresholds') }}

),

exits as (

    select
        transitions.lead_id,
        transitions.scorecard,
        transitions.stage,
        transitions.transition_date,
        row_number() over (
            partition by transitions.lead_id, transitions.scorecard
            order by
                transitions.transition_date desc,
                stages.stage_place desc nulls last,
                {{ bytewise('transitions.stage_key') }} asc
        ) as recency_rank
    from {{ named(ref('int_stage_transitions_recorded'), 'transitions') }}
    left join stages
        on
            transitions.scorecard = stages.scorecard
            and transitions.stage_key = stages.stage_key
    where
        transitions.transition = 'exit'
        and transitions.transition_date <= {{ as_of_date() }}

),

candidates as (

    select
        scores.lead_id,
        scores.scorecard,
        case
            when scores.qualified_stage is null then 'recycled'
            else 'cooling'
        end as nurture_reason,
        coalesce(scores.qualified_stage, exits.stage) as stage,
        scores.score_trend,
        scores.fit_score,
        scores.engagement_score,
        scores.lead_score,
        coalesce(scores.qualified_since, exits.transition_date) as since,
        scores.cools_on,
        scores.as_of_date
    from scores
    left join exits
        on
            scores.lead_id = exits.lead_id
            and scores.scorecard = exits.scorecard
            and exits.recency_rank = 1
    where
        (
            scores.qualified_stage is null
            and exits.transition_date > {{ days_before(var('recycled_days') | int) }}
        )
        or scores.cools_on <= {{ days_before(-(var('cooling_days') | int)) }}

),

journey_steps as (

    select
        lower({{ seed_cell('field') }}) as interest,
        lower({{ seed_cell('value') }}) as interest_value,
        case lower({{ seed_cell('step') }})
            {%- for step in steps %}
            when '{{ step }}' then {{ loop.index }}
            {%- endfor %}
        end as step_place
    from {{ ref('journey_steps') }}

),

steps_taken as (

    select
        interests.lead_id,
        max(journey_steps.step_place) as step_place
    from {{ named(ref('int_interests_rolled'), 'interests') }}
    inner join journey_steps
        on
            interests.interest = journey_steps.interest
            and interests.interest_value = journey_steps.interest_value
    where
        interests.catalogued_events > 0
        and interests.event_date > {{ days_before(90) }}
        and interests.event_date <= {{ as_of_date() }}
    group by interests.lead_id

),

traits as (

    select
        lead_id,
        top_content_topic
    from {{ ref('int_traits_measured') }}
    where as_of_date = {{ as_of_date() }}

)

select
    candidates.lead_id,
    candidates.scorecard,
    candidates.nurture_reason,
    candidates.stage,
    traits.top_content_topic as topic_interest,
    case coalesce(steps_taken.step_place, 1)
        {%- for step in steps %}
        when {{ loop.index }} then '{{ step }}'
        {%- endfor %}
    end as journey_step,
    candidates.score_trend,
    candidates.fit_score,
    candidates.engagement_score,
    candidates.lead_score,
    candidates.since,
    candidates.cools_on,
    candidates.as_of_date
from candidates
left join steps_taken
    on candidates.lead_id = steps_taken.lead_id
left join traits
    on candidates.lead_id = traits.lead_id
