{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    pre_hook="{{ forget_due_rows(ref('int_forecast_lead_dates'), ref('int_forecast_scores_due')) }}",
) }}

-- depends_on: {{ ref('int_forecast_lead_dates') }}
{%- set due = ref('int_forecast_scores_due') -%}
{%- set is_whole = not execute or is_whole_run('int_forecast_scores_normalised') %}

{{ rows_with_key(
    normalise_scores(ref('int_forecast_scorecards_assigned'), ref('int_forecast_points_capped')),
    due if is_whole else none, 'inputs_key'
) }}
