{{ weigh_rule_points(
    ref('int_forecast_lead_dates'), ref('int_forecast_conditions_matched'), ref('int_forecast_scorecards_assigned')
) }}
