with

raw_events as (

    select
        *,
        case when lead_id is null then anonymous_id end as visitor_id
    from {{ ref('stg_raw__events') }}

),

links as (

    select
        anonymous_id,
        lead_id
    from {{ ref('stg_raw__identities') }}
    where not is_deleted

),

leads as (

    select
        lead_id,
        created_at
    from {{ ref('stg_raw__leads') }}
    where not is_deleted

),

-- An event without a lead belongs to the lead that its visitor is linked to.
events as (

    select
        raw_events.*,
        coalesce(raw_events.lead_id, links.lead_id) as named_lead_id
    from raw_events
    left join links
        on raw_events.visitor_id = links.anonymous_id

),

event_catalog as (

    select
        lower({{ seed_cell('raw_event_type') }}) as raw_event_type,
        lower({{ seed_cell('event_type') }}) as event_type,
        lower({{ seed_cell('channel') }}) as channel,
        {{ parse_boolean(seed_cell('is_engagement')) }} as is_engagement
    from {{ ref('event_catalog') }}

)

select
    {{ arbitrary_row_number() }} as event_key,
    events.event_id,
    -- The id of a lead that is gone is not kept.
    leads.lead_id,
    events.raw_event_type,
    coalesce(event_catalog.event_type, events.raw_event_type) as event_type,
    events.page_path,
    coalesce(events.channel, event_catalog.channel) as channel,
    events.campaign,
    events.content_topic,
    events.device,
    {%- for field in declared_fields('event') if field.value != field.name %}
    events.{{ field.value }},
    {%- endfor %}
    events.duration_seconds,
    events.value,
    event_catalog.raw_event_type is not null as is_catalogued,
    coalesce(event_catalog.is_engagement, false) as is_engagement,
    events.record_count,
    events.named_lead_id is not null as names_lead,
    events.is_deleted,
    leads.created_at as lead_created_at,
    cast(events.occurred_at as date) as event_date,
    events.occurred_at
from events
left join leads
    on events.named_lead_id = leads.lead_id
left join event_catalog
    on events.raw_event_type = event_catalog.raw_event_type
