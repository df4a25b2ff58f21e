with

scores as (

    select
        lead_id,
        scorecard,
        fit_score,
        engagement_score,
        lead_score,
        is_suppressed
    from {{ ref('lead_scores') }}

),

touches as (

    select
        lead_id,
        interest_value as content_topic,
        min(event_date) as first_touched_on
    from {{ ref('int_interests_rolled') }}
    where
        interest = 'content_topic'
        and engagements > 0
        and event_date <= {{ as_of_date() }}
    group by
        lead_id,
        interest_value

),

-- What came before the first touch is not the content's doing.
entries as (

    select
        transitions.lead_id,
        transitions.scorecard,
        touches.content_topic,
        max(case when lower(transitions.stage) = 'mql' then 1 else 0 end) = 1 as became_mql,
        max(case when lower(transitions.stage) = 'sql' then 1 else 0 end) = 1 as became_sql
    from {{ named(ref('lead_stage_transitions'), 'transitions') }}
    inner join touches
        on
            transitions.lead_id = touches.lead_id
            and transitions.transition_date >= touches.first_touched_on
    where
        transitions.transition = 'entry'
        and transitions.transition_date <= {{ as_of_date() }}
    group by
        transitions.lead_id,
        transitions.scorecard,
        touches.content_topic

),

conversions as (

    select
        converted.lead_id,
        touches.content_topic,
        {{ summed_amount('converted.amount') }} as amount
    from {{ named(ref('stg_raw__conversions'), 'converted') }}
    inner join touches
        on
            converted.lead_id = touches.lead_id
            and cast(converted.converted_at as date) >= touches.first_touched_on
    where
        not converted.is_deleted
        and converted.converted_at < {{ end_of_as_of_date() }}
        and {{ is_conversion_of(customer_types()) }}
    group by
        converted.lead_id,
        touches.content_topic

),

outcomes as (

    select
        scores.scorecard,
        touches.content_topic,
        scores.fit_score,
        scores.engagement_score,
        scores.lead_score,
        scores.is_suppressed,
        coalesce(entries.became_mql, false) as became_mql,
        coalesce(entries.became_sql, false) as became_sql,
        conversions.lead_id is not null as is_converted,
        conversions.amount
    from scores
    inner join touches
        on scores.lead_id = touches.lead_id
    left join entries
        on
            scores.lead_id = entries.lead_id
            and scores.scorecard = entries.scorecard
            and touches.content_topic = entries.content_topic
    left join conversions
        on
            scores.lead_id = conversions.lead_id
            and touches.content_topic = conversions.content_topic

)

select
    scorecard,
    content_topic,
    {{- performance_columns() }}
from outcomes
group by
    scorecard,
    content_topic
