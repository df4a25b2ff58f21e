with

stages_held as (

    select
        lead_id,
        scorecard,
        stage
    from {{ ref('int_stages_held') }}
    where is_highest

),

thresholds as (

    select
        scorecard,
        stage,
        score,
        exit_below
    from {{ ref('int_qualification_thresholds') }}

),

dates as (

    select as_of_date
    from {{ ref('int_dates_scored') }}
    where
        is_forecast
        or as_of_date = {{ as_of_date() }}

),

scores as (

    {% for relation in ['int_scores_normalised', 'int_forecast_scores_normalised'] -%}
    select
        lead_id,
        scorecard,
        fit_score,
        engagement_score,
        lead_score,
        as_of_date
    from {{ ref(relation) }}
    where as_of_date >= {{ as_of_date() }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

-- On a date without scores the lead is no longer on the scorecard.
select
    stages_held.lead_id,
    stages_held.scorecard,
    min(dates.as_of_date) as cools_on
from stages_held
cross join dates
inner join thresholds
    on
        stages_held.scorecard = thresholds.scorecard
        and stages_held.stage = thresholds.stage
left join scores
    on
        stages_held.lead_id = scores.lead_id
        and stages_held.scorecard = scores.scorecard
        and dates.as_of_date = scores.as_of_date
where
    scores.lead_id is null
    or {{ score_named('scores', 'thresholds.score') }} < thresholds.exit_below
group by
    stages_held.lead_id,
    stages_held.scorecard
