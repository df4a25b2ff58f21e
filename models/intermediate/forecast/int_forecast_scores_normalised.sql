{{ normalise_scores(ref('int_forecast_scorecards_assigned'), ref('int_forecast_points_capped')) }}
