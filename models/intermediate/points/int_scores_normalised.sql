{{ normalise_scores(ref('int_lead_scorecards_assigned'), ref('int_category_points_capped')) }}
