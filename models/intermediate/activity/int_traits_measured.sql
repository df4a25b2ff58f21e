{{ measure_traits(ref('int_lead_dates_scored')) }}
