{{ assign_scorecards(ref('int_forecast_lead_dates'), ref('int_forecast_conditions_matched')) }}
