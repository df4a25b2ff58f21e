select
    lead_id,
    lead_score,
    next_action,
    top_reason_1
from {{ ref('lead_scoring', 'lead_scores') }}
where stage = 'call'
order by lead_score desc
