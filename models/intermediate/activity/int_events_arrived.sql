{%- set reading = ref('int_events_reading') -%}

-- depends_on: {{ ref('stg_raw__events') }}, {{ raw_source('raw_events') }}

with

events as (

    {% if kept_events() is none -%}
    -- The events are all read anew, by int_events_resolved itself.
    select * from {{ ref('stg_raw__events') }}
    where 1 = 0
    {%- else -%}
    {{ deciding_events(
        unread_from='(select unread_from from ' ~ reading ~ ')',
        read_before='(select read_from from ' ~ reading ~ ')',
    ) }}
    {%- endif %}

),

erased_leads as (

    select lead_key
    from {{ ref('stg_raw__erasures') }}

)

select
    events.event_key,
    events.event_id,
    -- The id of an erased lead is not kept, and neither is a visitor where the event names a lead.
    case when erased_leads.lead_key is null then events.lead_id end as lead_id,
    case when events.lead_id is null then events.anonymous_id end as anonymous_id,
    erased_leads.lead_key as erased_key,
    {%- for column in event_columns(own_channel='channel') %}
    events.{{ column }},
    {%- endfor %}
    events.record_count,
    events.settled_others,
    events.read_from
from events
left join erased_leads
    on {{ dbt.hash('events.lead_id') }} = erased_leads.lead_key
