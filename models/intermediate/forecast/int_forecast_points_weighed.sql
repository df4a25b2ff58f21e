{#- A view, as its rows are many and only their sums are looked at. -#}
{{ config(materialized='view') }}

{{ weigh_rule_points(
    ref('int_forecast_scores_due'), ref('int_forecast_conditions_matched'), ref('int_forecast_scorecards_assigned'),
    is_forecast=true
) }}
