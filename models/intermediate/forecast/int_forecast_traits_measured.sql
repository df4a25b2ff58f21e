{{ measure_traits(ref('int_forecast_lead_dates')) }}
