-- One row per student. The country is an ISO code: NA is Namibia, and stays text.
select
    student_id as lead_id,
    student_country as country,
    cast(date_registered as timestamp) as created_at
from "365_student_info"
