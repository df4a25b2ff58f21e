{{ due_lead_dates(ref('int_lead_dates_scored'), 'int_rule_points_weighed', 'inputs_key') }}
