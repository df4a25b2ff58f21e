select
    events.lead_id,
    max(events.occurred_at) as last_engagement_at
from {{ ref('int_events_resolved') }} as events
left join {{ ref('int_events_left_out') }} as left_out
    on events.event_key = left_out.event_key
where
    left_out.event_key is null
    and events.is_engagement
group by events.lead_id
