-- One row per lead. 'Select' is what the form shows until something is chosen, so it means unknown.
-- Left out on purpose, as sales staff or later events write them: Tags, Lead Quality, Lead Profile,
-- the four Asymmetrique columns, Last Activity and Last Notable Activity.
select
    "Lead Number" as lead_id,
    nullif(nullif(lower("Country"), 'unknown'), 'select') as country,
    "Lead Source" as lead_source,
    "Lead Origin" as lead_origin,
    nullif(lower("City"), 'select') as city,
    nullif(lower("Specialization"), 'select') as specialization,
    nullif(lower("What is your current occupation"), 'select') as occupation,
    "Do Not Email" as do_not_email,
    "Do Not Call" as do_not_call,
    "TotalVisits" as total_visits,
    "Total Time Spent on Website" as website_time,
    "Page Views Per Visit" as page_views_per_visit
from leads
