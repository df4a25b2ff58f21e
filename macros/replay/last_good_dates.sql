{% macro last_good_dates(states, thresholds, first_date) %}
    {#- For whoever is in a stage as a run begins: the last date on which each score was not below its exit_below. #}
    with

    leads_before as (

        select distinct lead_id
        from {{ states }} as states

    ),

    history as (

        select
            recorded.lead_id,
            recorded.scorecard,
            recorded.fit_score,
            recorded.engagement_score,
            recorded.lead_score,
            recorded.as_of_date,
            lead(recorded.as_of_date) over (
                partition by recorded.lead_id, recorded.scorecard
                order by recorded.as_of_date
            ) as next_date
        from {{ named(ref('int_score_history_recorded'), 'recorded') }}
        inner join leads_before
            on recorded.lead_id = leads_before.lead_id

    ),

    -- A row of the history lasts until the next one, here at most until the run.
    history_lasting as (

        select
            history.*,
            first_date.first_date,
            case
                when history.next_date < first_date.first_date then history.next_date
                else first_date.first_date
            end as end_date
        from history
        inner join {{ first_date }} as first_date
            on history.as_of_date < first_date.first_date

    )

    select
        states.lead_id,
        states.scorecard,
        states.stage_key,
        thresholds.score,
        max(
            case
                when {{ score_named('history_lasting', 'thresholds.score') }} >= thresholds.exit_below
                    then cast({{ dbt.dateadd('day', -1, 'history_lasting.end_date') }} as date)
            end
        ) as last_good_date,
        max(states.transition_date) as entry_date
    from {{ states }} as states
    inner join {{ thresholds }} as thresholds
        on
            states.scorecard = thresholds.scorecard
            and states.stage_key = thresholds.stage_key
    inner join history_lasting
        on
            states.lead_id = history_lasting.lead_id
            and states.scorecard = history_lasting.scorecard
    where states.transition = 'entry'
    group by
        states.lead_id,
        states.scorecard,
        states.stage_key,
        thresholds.score
{%- endmacro %}
