{% macro resolve_events(unresolved) %}
    {#-
        SQL of a relation, one row per event: its lead, the type and channel that the catalogue gives it, and the
        exclusion that drops it. Needs the columns of deciding_events and erased_key.
    -#}
with

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
    from {{ ref('int_profiles_joined') }}

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

-- The visitor is a column of its own, so that engines join by it alone.
visits as (

    select
        unresolved.*,
        case
            when unresolved.lead_id is null and unresolved.erased_key is null then unresolved.anonymous_id
        end as visitor_id
    from {{ unresolved }} as unresolved

),

-- An event without a lead belongs to the lead that its visitor is linked to.
owned_events as (

    select
        visits.*,
        links.lead_id as linked_lead_id,
        leads.lead_id as known_lead_id,
        leads.created_at as lead_created_at,
        case when leads.lead_id is null then {{ dbt.hash('visits.lead_id') }} end as unknown_lead_key
    from visits
    left join links
        on visits.visitor_id = links.anonymous_id
    left join leads
        on coalesce(visits.lead_id, links.lead_id) = leads.lead_id

),

events as (

    select
        owned_events.event_key,
        owned_events.event_id,
        -- The id of an erased lead is not kept.
        case when erased_leads.lead_key is null then owned_events.lead_id end as own_lead_id,
        owned_events.visitor_id,
        coalesce(owned_events.erased_key, erased_leads.lead_key) as erased_key,
        owned_events.known_lead_id as lead_id,
        owned_events.raw_event_type,
        coalesce(event_catalog.event_type, owned_events.raw_event_type) as event_type,
        owned_events.page_path,
        owned_events.channel as own_channel,
        coalesce(owned_events.channel, event_catalog.channel) as channel,
        owned_events.campaign,
        owned_events.content_topic,
        owned_events.device,
        {%- for field in declared_fields('event') if field.value != field.name %}
        owned_events.{{ field.value }},
        {%- endfor %}
        owned_events.duration_seconds,
        owned_events.value,
        event_catalog.raw_event_type is not null as is_catalogued,
        coalesce(event_catalog.is_engagement, false) as is_engagement,
        owned_events.record_count,
        owned_events.settled_others,
        coalesce(owned_events.lead_id, owned_events.erased_key, owned_events.linked_lead_id) is not null as names_lead,
        owned_events.is_deleted,
        owned_events.lead_created_at,
        cast(owned_events.occurred_at as date) as event_date,
        owned_events.occurred_at,
        owned_events.loaded_at,
        owned_events.read_from
    from owned_events
    left join erased_leads
        on owned_events.unknown_lead_key = erased_leads.lead_key
    left join event_catalog
        on owned_events.raw_event_type = event_catalog.raw_event_type

),

clauses as (

    select * from {{ ref('int_condition_clauses') }}
    where subject = 'exclusion'

),

exclusions as (

    select
        condition_id,
        owner_id as exclusion_id
    from {{ ref('int_conditions_keyed') }}
    where seed = 'event_exclusions'

),

clause_inputs as (

    select
        events.event_key,
        clauses.condition_id,
        clauses.clause_count,
        {{ as_of_date() }} as as_of_date,
        {{- clause_columns(exclusion_fields(), 'events', 'clauses') }}
    from events
    cross join clauses

),

exclusion_matches as (

    select
        event_key,
        condition_id
    from clause_inputs
    where {{ clause_holds() }}
    group by
        event_key,
        condition_id,
        clause_count
    having count(*) = clause_count

),

-- An event that several exclusions drop is counted at the first of them.
exclusions_deciding as (

    select
        exclusion_matches.event_key,
        min({{ bytewise("exclusions.exclusion_id") }}) as exclusion_id
    from exclusion_matches
    inner join exclusions
        on exclusion_matches.condition_id = exclusions.condition_id
    group by exclusion_matches.event_key

)

select
    events.event_key,
    events.event_id,
    events.lead_id,
    events.own_lead_id,
    events.visitor_id,
    events.erased_key,
    exclusions_deciding.exclusion_id,
    exclusion_rules.exclusion_rules_key,
    {%- for column in event_columns() %}
    events.{{ column }},
    {%- endfor %}
    events.event_type,
    events.channel,
    events.is_catalogued,
    events.is_engagement,
    events.names_lead,
    events.record_count,
    events.settled_others,
    events.lead_created_at,
    events.event_date,
    events.read_from,
    '{{ events_contract_key() }}' as contract_key
from events
cross join exclusion_rules
left join exclusions_deciding
    on events.event_key = exclusions_deciding.event_key
{%- endmacro %}
