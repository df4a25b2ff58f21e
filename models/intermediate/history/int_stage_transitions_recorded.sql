{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    full_refresh=false,
    pre_hook="{{ forget_rewritten('transition_date') }}",
) }}

{%- set text = dbt.type_string() %}

with

dates as (

    select as_of_date
    from {{ ref('int_dates_scored') }}
    where is_recorded

),

first_date as (

    select min(as_of_date) as first_date
    from dates

),

thresholds as (

    select * from {{ ref('int_qualification_thresholds') }}

),

suppressed_leads as (

    select
        lead_id,
        as_of_date,
        suppression_reason
    from {{ ref('int_leads_suppressed') }}

),

scores as (

    select
        scores_normalised.lead_id,
        scores_normalised.scorecard,
        scores_normalised.as_of_date,
        scores_normalised.fit_score,
        scores_normalised.engagement_score,
        scores_normalised.lead_score
    from {{ named(ref('int_scores_normalised'), 'scores_normalised') }}
    inner join dates
        on scores_normalised.as_of_date = dates.as_of_date

),

transitions_before as (

    {% if is_incremental() -%}
    select
        lead_id,
        scorecard,
        stage_key,
        stage,
        transition,
        entry_number,
        transition_date,
        row_number() over (
            partition by lead_id, scorecard, stage_key
            order by transition_date desc
        ) as recency_rank
    from {{ this }}
    where transition_date < (select first_date from first_date)
    {%- else -%}
    select
        lead_id,
        scorecard,
        cast(null as {{ text }}) as stage_key,
        cast(null as {{ text }}) as stage,
        cast(null as {{ text }}) as transition,
        0 as entry_number,
        as_of_date as transition_date,
        1 as recency_rank
    from scores
    where 1 = 0
    {%- endif %}

),

states_before as (

    select * from transitions_before
    where recency_rank = 1

),

entry_days as (

    select
        scores.lead_id,
        scores.scorecard,
        thresholds.stage_key,
        scores.as_of_date
    from scores
    inner join thresholds
        on scores.scorecard = thresholds.scorecard
    left join suppressed_leads
        on
            scores.lead_id = suppressed_leads.lead_id
            and scores.as_of_date = suppressed_leads.as_of_date
    where suppressed_leads.lead_id is null
    group by
        scores.lead_id,
        scores.scorecard,
        thresholds.stage_key,
        scores.as_of_date
    having
        min(
            case
                when {{ score_named('scores', 'thresholds.score') }} >= thresholds.enter_at then 1
                else 0
            end
        ) = 1

),

candidate_rows as (

    select
        lead_id,
        scorecard,
        stage_key
    from states_before
    where transition = 'entry'

    union all

    select
        lead_id,
        scorecard,
        stage_key
    from entry_days

),

-- Only leads that hold a stage, or get into it, can have a transition.
candidates as (

    select distinct
        lead_id,
        scorecard,
        stage_key
    from candidate_rows

),

scores_before as (

    {{ last_good_dates('states_before', 'thresholds', 'first_date') }}

),

days as (

    select
        candidates.lead_id,
        candidates.scorecard,
        candidates.stage_key,
        dates.as_of_date,
        scores.fit_score,
        scores.engagement_score,
        scores.lead_score,
        scores.lead_id is not null as is_scored,
        suppressed_leads.suppression_reason,
        suppressed_leads.lead_id is not null as is_suppressed
    from candidates
    cross join dates
    left join scores
        on
            candidates.lead_id = scores.lead_id
            and candidates.scorecard = scores.scorecard
            and dates.as_of_date = scores.as_of_date
    left join suppressed_leads
        on
            candidates.lead_id = suppressed_leads.lead_id
            and dates.as_of_date = suppressed_leads.as_of_date

),

exit_texts as (

    {{ exit_texts('days', 'thresholds', 'scores_before') }}

),

states as (

    select
        days.lead_id,
        days.scorecard,
        days.stage_key,
        days.as_of_date,
        days.fit_score,
        days.engagement_score,
        days.lead_score,
        case
            when days.is_suppressed then 'suppressed'
            when not days.is_scored then 'not_scored'
            when exit_texts.threshold_count is null then 'stage_removed'
            when coalesce(exit_texts.lead_text, exit_texts.fit_text, exit_texts.engagement_text) is not null
                then 'below'
        end as exit_cause,
        case
            when days.is_suppressed then 'Suppressed: ' || days.suppression_reason
            when not days.is_scored then 'No longer on the scorecard'
            when exit_texts.threshold_count is null then 'The stage was removed'
            else coalesce(exit_texts.lead_text, exit_texts.fit_text, exit_texts.engagement_text)
        end as exit_reason,
        entry_days.lead_id is not null as is_entry_day
    from days
    left join exit_texts
        on
            days.lead_id = exit_texts.lead_id
            and days.scorecard = exit_texts.scorecard
            and days.stage_key = exit_texts.stage_key
            and days.as_of_date = exit_texts.as_of_date
    left join entry_days
        on
            days.lead_id = entry_days.lead_id
            and days.scorecard = entry_days.scorecard
            and days.stage_key = entry_days.stage_key
            and days.as_of_date = entry_days.as_of_date

),

-- Days on which the lead would enter or leave, and the state from which it starts.
moves as (

    select
        lead_id,
        scorecard,
        stage_key,
        case when is_entry_day then 'entry' else 'exit' end as transition,
        exit_cause,
        exit_reason,
        fit_score,
        engagement_score,
        lead_score,
        0 as entry_number_before,
        as_of_date as transition_date,
        false as is_before
    from states
    where
        is_entry_day
        or exit_cause is not null

    union all

    select
        candidates.lead_id,
        candidates.scorecard,
        candidates.stage_key,
        coalesce(states_before.transition, 'exit') as transition,
        cast(null as {{ text }}) as exit_cause,
        cast(null as {{ text }}) as exit_reason,
        cast(null as {{ type_score() }}) as fit_score,
        cast(null as {{ type_score() }}) as engagement_score,
        cast(null as {{ type_score() }}) as lead_score,
        coalesce(states_before.entry_number, 0) as entry_number_before,
        coalesce(
            states_before.transition_date,
            cast({{ dbt.dateadd('day', -1, 'first_date.first_date') }} as date)
        ) as transition_date,
        true as is_before
    from candidates
    cross join first_date
    left join states_before
        on
            candidates.lead_id = states_before.lead_id
            and candidates.scorecard = states_before.scorecard
            and candidates.stage_key = states_before.stage_key

),

moves_compared as (

    select
        *,
        lag(transition) over (
            partition by lead_id, scorecard, stage_key
            order by transition_date
        ) as previous_transition
    from moves

),

transitions as (

    select
        *,
        sum(entry_number_before + case when is_before or transition = 'exit' then 0 else 1 end) over (
            partition by lead_id, scorecard, stage_key
            order by transition_date
            rows between unbounded preceding and current row
        ) as entry_number,
        lag(transition_date) over (
            partition by lead_id, scorecard, stage_key
            order by transition_date
        ) as previous_date
    from moves_compared
    where
        is_before
        or transition <> previous_transition

),

stage_names as (

    select distinct
        scorecard,
        stage_key,
        stage
    from thresholds

),

reasons as (

    {{ entry_reasons('transitions') }}

)

select
    transitions.lead_id,
    transitions.scorecard,
    transitions.stage_key,
    coalesce(stage_names.stage, states_before.stage) as stage,
    transitions.transition,
    case when transitions.transition = 'exit' then transitions.exit_cause end as exit_cause,
    cast(transitions.entry_number as {{ dbt.type_int() }}) as entry_number,
    transitions.fit_score,
    transitions.engagement_score,
    transitions.lead_score,
    case
        when transitions.transition = 'exit' then transitions.exit_reason
        else reasons.top_reason_1
    end as reason,
    {%- for rank in [1, 2, 3] %}
    case
        when transitions.transition = 'entry' then reasons.top_reason_{{ rank }}
    end as top_reason_{{ rank }},
    {%- endfor %}
    case
        when transitions.transition = 'exit'
            then {{ dbt.datediff('transitions.previous_date', 'transitions.transition_date', 'day') }}
    end as days_in_stage,
    transitions.transition_date
from transitions
left join reasons
    on
        transitions.lead_id = reasons.lead_id
        and transitions.scorecard = reasons.scorecard
        and transitions.transition_date = reasons.as_of_date
left join stage_names
    on
        transitions.scorecard = stage_names.scorecard
        and transitions.stage_key = stage_names.stage_key
left join states_before
    on
        transitions.lead_id = states_before.lead_id
        and transitions.scorecard = states_before.scorecard
        and transitions.stage_key = states_before.stage_key
where not transitions.is_before
