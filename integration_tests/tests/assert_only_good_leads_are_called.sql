select 1 as wrong
from (
    select
        count(*) as lead_count,
        max(lead_id) as lead_id,
        max(top_reason_1) as top_reason_1
    from {{ ref('call_list') }}
) as calls
where
    lead_count <> 1
    or lead_id <> 'c-1'
    or top_reason_1 <> 'Pays for a team'
