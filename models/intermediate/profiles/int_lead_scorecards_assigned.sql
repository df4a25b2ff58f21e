{{ assign_scorecards(ref('int_lead_dates_scored'), ref('int_dated_conditions_matched')) }}
