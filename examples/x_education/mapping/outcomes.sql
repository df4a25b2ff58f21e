-- For measuring only: who became a customer. The export has no dates, so the day after the date of
-- the scores stands in for one.
select
    "Lead Number" as lead_id,
    cast(getvariable('as_of') + 1 as timestamp) as converted_at
from leads
where "Converted" = '1'
