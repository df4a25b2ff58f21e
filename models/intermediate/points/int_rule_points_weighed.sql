{{ weigh_rule_points(
    ref('int_lead_dates_scored'), ref('int_dated_conditions_matched'), ref('int_lead_scorecards_assigned')
) }}
