{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    full_refresh=false,
    pre_hook=["{{ check_lost_leads() }}", "{{ forget_rewritten('as_of_date') }}"],
) }}

with

dates as (

    select as_of_date
    from {{ ref('int_dates_scored') }}
    where is_recorded

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

{% if is_incremental() -%}
recorded as (

    select * from {{ this }}
    where as_of_date < (select min(as_of_date) from dates)

),

last_recorded as (

    select
        lead_id,
        scorecard,
        max(as_of_date) as as_of_date
    from recorded
    group by
        lead_id,
        scorecard

),

days_before as (

    select
        recorded.lead_id,
        recorded.scorecard,
        recorded.as_of_date,
        recorded.fit_score,
        recorded.engagement_score,
        recorded.lead_score,
        recorded.is_scored
    from recorded
    inner join last_recorded
        on
            recorded.lead_id = last_recorded.lead_id
            and recorded.scorecard = last_recorded.scorecard
            and recorded.as_of_date = last_recorded.as_of_date

),

{% endif -%}
pair_rows as (

    select
        lead_id,
        scorecard
    from scores

    {% if is_incremental() -%}
    union all

    select
        lead_id,
        scorecard
    from days_before

    {% endif %}
),

pairs as (

    select distinct
        lead_id,
        scorecard
    from pair_rows

),

-- A date without scores counts too: the lead may have left the scorecard.
days as (

    select
        pairs.lead_id,
        pairs.scorecard,
        dates.as_of_date,
        scores.fit_score,
        scores.engagement_score,
        scores.lead_score,
        scores.lead_id is not null as is_scored
    from pairs
    cross join dates
    left join scores
        on
            pairs.lead_id = scores.lead_id
            and pairs.scorecard = scores.scorecard
            and dates.as_of_date = scores.as_of_date

    {% if is_incremental() -%}
    union all

    select * from days_before

    {% endif %}
),

days_compared as (

    select
        *,
        lag(fit_score) over (partition by lead_id, scorecard order by as_of_date) as previous_fit_score,
        lag(engagement_score) over (partition by lead_id, scorecard order by as_of_date)
            as previous_engagement_score,
        lag(lead_score) over (partition by lead_id, scorecard order by as_of_date) as previous_lead_score,
        lag(is_scored) over (partition by lead_id, scorecard order by as_of_date) as previous_is_scored
    from days

)

select
    days_compared.lead_id,
    days_compared.scorecard,
    days_compared.as_of_date,
    days_compared.fit_score,
    days_compared.engagement_score,
    days_compared.lead_score,
    days_compared.is_scored
from days_compared
inner join dates
    on days_compared.as_of_date = dates.as_of_date
where
    days_compared.is_scored <> coalesce(days_compared.previous_is_scored, false)
    or days_compared.fit_score <> days_compared.previous_fit_score
    or days_compared.engagement_score <> days_compared.previous_engagement_score
    or days_compared.lead_score <> days_compared.previous_lead_score
