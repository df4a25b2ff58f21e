{{ config(materialized='view') }}

-- Whether the date has come is for the reader to ask, so that what is made of these events serves every date.
select
    event_key,
    event_id,
    lead_id,
    raw_event_type,
    event_type,
    page_path,
    channel,
    campaign,
    content_topic,
    device,
    {%- for field in declared_fields('event') if field.value != field.name %}
    {{ field.value }},
    {%- endfor %}
    duration_seconds,
    value,
    is_catalogued,
    is_engagement,
    event_date,
    occurred_at
from {{ ref('int_events_resolved') }}
where
    not is_deleted
    and occurred_at is not null
    and exclusion_id is null
    and lead_id is not null
