-- One row per lead with the simple scores that a scorecard has to beat.
select
    lead_id,
    cast(website_time as double) as "time spent on the website",
    cast(coalesce(total_visits, '0') as double) as "number of visits"
from raw_leads
