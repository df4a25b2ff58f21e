select
    resolved.event_key,
    resolved.event_id,
    resolved.lead_id,
    resolved.raw_event_type,
    resolved.event_type,
    resolved.page_path,
    resolved.channel,
    resolved.campaign,
    resolved.content_topic,
    resolved.device,
    {%- for field in declared_fields('event') if field.value != field.name %}
    resolved.{{ field.value }},
    {%- endfor %}
    resolved.duration_seconds,
    resolved.value,
    resolved.is_catalogued,
    resolved.is_engagement,
    resolved.event_date,
    resolved.occurred_at
from {{ ref('int_events_resolved') }} as resolved
left join {{ ref('int_events_left_out') }} as left_out
    on resolved.event_key = left_out.event_key
where left_out.event_key is null
