-- The first purchase of each student who bought; renewals are no conversions.
select
    purchase_id as conversion_id,
    student_id as lead_id,
    'purchase' as conversion_type,
    cast(date_purchased as timestamp) as converted_at
from "365_student_purchases"
qualify
    row_number() over (
        partition by student_id
        order by date_purchased, cast(purchase_id as bigint)
    ) = 1
