{{ due_lead_dates(ref('int_forecast_lead_dates'), 'int_forecast_traits_measured', 'traits_key') }}
