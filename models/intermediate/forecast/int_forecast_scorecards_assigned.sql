{{ assign_scorecards(ref('int_forecast_scores_due'), ref('int_forecast_conditions_matched')) }}
