{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_old_forecasts() }}",
) }}

-- depends_on: {{ ref('int_forecast_inputs_digested') }}

with

scores as (

    {{ normalise_scores(ref('int_forecast_scorecards_assigned'), ref('int_forecast_points_capped')) }}

),

leads as (

    select distinct
        lead_id,
        forecast_key
    from {{ ref('int_forecast_lead_dates') }}

)

select
    scores.*,
    leads.forecast_key
from scores
inner join leads
    on scores.lead_id = leads.lead_id
