{{ due_lead_dates(ref('int_forecast_lead_dates'), 'int_forecast_scores_normalised', 'inputs_key') }}
