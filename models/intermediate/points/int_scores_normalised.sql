{{ config(post_hook="{{ reopen_dates() }}") }}

{{ normalise_scores(ref('int_lead_scorecards_assigned'), ref('int_category_points_capped')) }}
