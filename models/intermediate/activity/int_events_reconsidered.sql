{%- set kept = kept_events() -%}
{%- set text = dbt.type_string() -%}
{%- set columns = ['event_id', 'lead_id', 'anonymous_id', 'erased_key'] + event_columns(own_channel='channel')
    + ['record_count', 'settled_others', 'read_from'] -%}

-- depends_on: {{ ref('int_events_reading') }}, {{ ref('event_catalog') }}, {{ ref('int_conditions_keyed') }}
-- depends_on: {{ ref('int_condition_clauses') }}, {{ ref('int_profiles_joined') }}
-- depends_on: {{ ref('stg_raw__identities') }}, {{ ref('stg_raw__erasures') }}

with

arrived as (

    select * from {{ ref('int_events_arrived') }}

)

{%- if kept is none %}

-- The events are all read anew, by int_events_resolved itself.
select
    event_key,
    {%- for column in columns %}
    {{ column }},
    {%- endfor %}
    false as is_gone
from arrived
where 1 = 0
{%- else -%}
,

reading as (

    select * from {{ ref('int_events_reading') }}

),

leads as (

    select
        lead_id,
        created_at
    from {{ ref('int_profiles_joined') }}

),

links as (

    select
        anonymous_id,
        lead_id
    from {{ ref('stg_raw__identities') }}
    where not is_deleted

),

erased_leads as (

    select lead_key
    from {{ ref('stg_raw__erasures') }}

),

event_catalog as (

    {{ catalogued_types() }}

),

exclusion_rules as (

    {{ exclusion_rules() }}

),

concerned_rows as (

    select
        event_key,
        false as is_stale,
        cast(null as {{ text }}) as erased_key
    from arrived

    union all

    -- What was stored by other links, leads, types or exclusions than there are now.
    select
        stored.event_key,
        true as is_stale,
        erased_leads.lead_key as erased_key
    from {{ kept }} as stored
    cross join exclusion_rules
    left join links
        on stored.visitor_id = links.anonymous_id
    left join leads
        on coalesce(stored.own_lead_id, links.lead_id) = leads.lead_id
    left join erased_leads
        on case when leads.lead_id is null then {{ dbt.hash('stored.own_lead_id') }} end = erased_leads.lead_key
    left join event_catalog
        on stored.raw_event_type = event_catalog.raw_event_type
    where
        stored.exclusion_rules_key <> exclusion_rules.exclusion_rules_key
        or stored.lead_id is distinct from leads.lead_id
        or stored.lead_created_at is distinct from leads.created_at
        or stored.names_lead
        <> (coalesce(stored.own_lead_id, stored.erased_key, links.lead_id) is not null)
        or erased_leads.lead_key is not null
        or stored.event_type is distinct from coalesce(event_catalog.event_type, stored.raw_event_type)
        or stored.channel is distinct from coalesce(stored.own_channel, event_catalog.channel)
        or stored.is_catalogued <> (event_catalog.raw_event_type is not null)
        or stored.is_engagement <> coalesce(event_catalog.is_engagement, false)

    union all

    select
        stored.event_key,
        false as is_stale,
        cast(null as {{ text }}) as erased_key
    from {{ kept }} as stored
    cross join reading
    where
        coalesce(stored.loaded_at >= reading.unread_from, true)
        -- Rows that nobody knows when they were loaded may have gone.
        or stored.record_count > stored.settled_others + 1

),

concerned as (

    select
        event_key,
        max(case when is_stale then 1 else 0 end) = 1 as is_stale,
        max(erased_key) as erased_key
    from concerned_rows
    group by event_key

),

-- What is known of them already, so that the others are not looked at again. Rows read long ago are older than all
-- that have a time and are read now.
stored as (

    select
        kept.event_key,
        kept.event_id,
        case when concerned.erased_key is null then kept.own_lead_id end as lead_id,
        kept.visitor_id as anonymous_id,
        coalesce(kept.erased_key, concerned.erased_key) as erased_key,
        {%- for column in event_columns() %}
        kept.{{ column }} {{- ' as channel' if column == 'own_channel' }},
        {%- endfor %}
        kept.record_count,
        kept.settled_others,
        kept.read_from,
        concerned.is_stale,
        not reading.is_whole and coalesce(kept.loaded_at < reading.read_from, false) as is_settled,
        case
            when reading.is_whole then 0
            else kept.settled_others + case when kept.loaded_at < reading.read_from then 1 else 0 end
        end as settled_count
    from {{ kept }} as kept
    inner join concerned
        on kept.event_key = concerned.event_key
    cross join reading

)

select
    arrived.event_key,
    {%- for column in columns[:-3] %}
    arrived.{{ column }},
    {%- endfor %}
    arrived.record_count + coalesce(stored.settled_count, 0) as record_count,
    arrived.settled_others + coalesce(stored.settled_count, 0) as settled_others,
    arrived.read_from,
    false as is_gone
from arrived
left join stored
    on arrived.event_key = stored.event_key
where not coalesce(stored.is_settled and arrived.loaded_at is null, false)

union all

select
    stored.event_key,
    {%- for column in columns[:-3] %}
    stored.{{ column }},
    {%- endfor %}
    coalesce(arrived.record_count, 0) + stored.settled_count as record_count,
    stored.settled_others,
    coalesce(arrived.read_from, stored.read_from) as read_from,
    false as is_gone
from stored
left join arrived
    on stored.event_key = arrived.event_key
where
    stored.is_settled
    and arrived.loaded_at is null
    and (
        arrived.event_key is not null
        or stored.is_stale
        or stored.record_count <> stored.settled_count
    )

union all

select
    stored.event_key,
    {%- for column in columns %}
    null as {{ column }},
    {%- endfor %}
    true as is_gone
from stored
left join arrived
    on stored.event_key = arrived.event_key
where
    arrived.event_key is null
    and not stored.is_settled
{%- endif %}
