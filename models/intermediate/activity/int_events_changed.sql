{{ config(pre_hook="{{ remember_patterns('exclusion') }}") }}

{%- set columns = raw_columns('raw_events') -%}
{%- set kept = kept_relation('int_events_resolved') -%}
{%- set is_rebuilt = kept is none or flags.FULL_REFRESH or flags.EMPTY -%}
{%- if not is_rebuilt -%} {%- do check_events_contract(kept) -%} {%- endif -%}
{%- set text = dbt.type_string() -%}
{%- set decided_later = ['lead_id', 'exclusion_id', 'event_type', 'channel', 'is_catalogued', 'is_engagement',
    'names_lead', 'lead_created_at', 'own_lead_id', 'visitor_id', 'erased_key', 'exclusion_rules_key',
    'record_count', 'settled_others'] %}
{%- set resolved_columns = ['event_key', 'event_id', 'lead_id', 'own_lead_id', 'visitor_id', 'erased_key',
    'exclusion_id', 'exclusion_rules_key'] + event_columns() + ['event_type', 'channel', 'is_catalogued',
    'is_engagement', 'names_lead', 'record_count', 'settled_others', 'lead_created_at', 'event_date', 'read_from',
    'contract_key'] %}

with

{% if is_rebuilt %}
-- The events are all read anew, so none has changed.
unresolved as (

    select
        *,
        cast(null as {{ text }}) as erased_key
    from {{ ref('stg_raw__events') }}
    where 1 = 0

),

resolved as (

    {{ resolve_events('unresolved') }}

)

select
    *,
    false as is_gone,
    cast(null as {{ text }}) as old_lead_id,
    cast(null as {{ text }}) as old_lead_key,
    cast(null as date) as old_event_date
from resolved
{% else %}
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

bounds as (

    select coalesce(max(read_from), cast('0001-01-01' as {{ dbt.type_timestamp() }})) as read_from
    from {{ kept }}

),

-- Of the rows that are not read again, as many must be there as were counted.
settled_counts as (

    select
        cast(count(*) as bigint) as raw_count,
        cast(0 as bigint) as stored_count
    from {{ raw_relation('raw_events', columns) }}
    where {{ raw_loaded_at(columns) }} < (select read_from from bounds)

    union all

    select
        cast(0 as bigint) as raw_count,
        cast(
            sum(settled_others + case when loaded_at < (select read_from from bounds) then 1 else 0 end) as bigint
        ) as stored_count
    from {{ kept }}

),

newer_cells as (

    select
        {{- raw_cells('raw_events', columns) }}
    from {{ raw_relation('raw_events', columns) }}
    where {{ raw_loaded_at(columns) }} >= (select read_from from bounds)

),

newer_ids as (

    select distinct {{ raw_value(columns, 'event_id', 'id') }} as event_id
    from newer_cells

),

reasons_to_reread as (

    select case when sum(raw_count) <> sum(coalesce(stored_count, 0)) then 1 else 0 end as is_reason
    from settled_counts

    union all

    -- The deciding row is gone, and one that was read long ago decides.
    select 1 as is_reason
    from {{ kept }} as stored
    left join newer_ids
        on stored.event_id = newer_ids.event_id
    where
        stored.settled_others > 0
        and coalesce(stored.loaded_at >= (select read_from from bounds), true)
        and newer_ids.event_id is null

    union all

    -- A lead is no longer to be forgotten, and its id is only in the raw rows.
    select 1 as is_reason
    from {{ kept }} as stored
    left join erased_leads
        on stored.erased_key = erased_leads.lead_key
    where
        stored.erased_key is not null
        and erased_leads.lead_key is null

),

reading_rows as (

    select
        bounds.read_from,
        max(reasons_to_reread.is_reason) = 1 as is_whole,
        case
            when max(reasons_to_reread.is_reason) = 1 then cast('0001-01-01' as {{ dbt.type_timestamp() }})
            else bounds.read_from
        end as unread_from
    from bounds
    cross join reasons_to_reread
    group by bounds.read_from

),

reading as (

    select * from reading_rows
    {{ planned_once() }}

),

arrived_rows as (

    {{ deciding_events(
        unread_from='(select unread_from from reading)',
        read_before='(select read_from from bounds)',
    ) }}

),

arrived as (

    select * from arrived_rows
    {{ planned_once() }}

),

-- What was stored by other links, leads, types or exclusions than there are now.
stale_rows as (

    select stored.event_key
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

),

stale as (

    select * from stale_rows
    {{ planned_once() }}

),

concerned as (

    select event_key from arrived

    union distinct

    select event_key from stale

    union distinct

    select stored.event_key
    from {{ kept }} as stored
    cross join reading
    where
        coalesce(stored.loaded_at >= reading.unread_from, true)
        -- Rows that nobody knows when they were loaded may have gone.
        or stored.record_count > stored.settled_others + 1

),

-- What is known of them already, so that the others are not looked at again. Rows read long ago are older than all
-- that have a time and are read now.
stored_rows as (

    select
        kept.*,
        not reading.is_whole and coalesce(kept.loaded_at < reading.read_from, false) as is_settled,
        case
            when reading.is_whole then 0
            else kept.settled_others + case when kept.loaded_at < reading.read_from then 1 else 0 end
        end as settled_count
    from {{ kept }} as kept
    inner join concerned
        on kept.event_key = concerned.event_key
    cross join reading

),

stored as (

    select * from stored_rows
    {{ planned_once() }}

),

unresolved_rows as (

    select
        arrived.event_key,
        arrived.event_id,
        arrived.lead_id,
        arrived.anonymous_id,
        cast(null as {{ text }}) as erased_key,
        {%- for column in event_columns() %}
        arrived.{{ 'channel' if column == 'own_channel' else column }},
        {%- endfor %}
        arrived.record_count + coalesce(stored.settled_count, 0) as record_count,
        arrived.settled_others + coalesce(stored.settled_count, 0) as settled_others,
        arrived.read_from
    from arrived
    left join stored
        on arrived.event_key = stored.event_key
    where not coalesce(stored.is_settled and arrived.loaded_at is null, false)

    union all

    select
        stored.event_key,
        stored.event_id,
        stored.own_lead_id as lead_id,
        stored.visitor_id as anonymous_id,
        stored.erased_key,
        {%- for column in event_columns() %}
        stored.{{ column }} {{- ' as channel' if column == 'own_channel' }},
        {%- endfor %}
        coalesce(arrived.record_count, 0) + stored.settled_count as record_count,
        stored.settled_others,
        coalesce(arrived.read_from, stored.read_from) as read_from
    from stored
    left join arrived
        on stored.event_key = arrived.event_key
    left join stale
        on stored.event_key = stale.event_key
    where
        stored.is_settled
        and arrived.loaded_at is null
        and (
            arrived.event_key is not null
            or stale.event_key is not null
            or stored.record_count <> stored.settled_count
        )

),

unresolved as (

    select * from unresolved_rows
    {{ planned_once() }}

),

resolved as (

    {{ resolve_events('unresolved') }}

),

changed as (

    select
        {%- for column in resolved_columns %}
        resolved.{{ column }},
        {%- endfor %}
        false as is_gone,
        stored.lead_id as old_lead_id,
        stored.event_date as old_event_date
    from resolved
    left join stored
        on resolved.event_key = stored.event_key
    where
        stored.event_key is null
        {%- for column in event_columns() + decided_later %}
        or resolved.{{ column }} is distinct from stored.{{ column }}
        {%- endfor %}

    union all

    select
        {%- for column in resolved_columns %}
        stored.{{ column }},
        {%- endfor %}
        true as is_gone,
        stored.lead_id as old_lead_id,
        stored.event_date as old_event_date
    from stored
    left join arrived
        on stored.event_key = arrived.event_key
    where
        arrived.event_key is null
        and not stored.is_settled

)

select
    changed.event_key,
    case when not changed.is_gone then changed.event_id end as event_id,
    {%- for column in resolved_columns if column not in ['event_key', 'event_id'] %}
    case when not changed.is_gone then changed.{{ column }} end as {{ column }},
    {%- endfor %}
    changed.is_gone,
    -- The id of a lead that is gone is not kept.
    leads.lead_id as old_lead_id,
    case when leads.lead_id is null then {{ dbt.hash('changed.old_lead_id') }} end as old_lead_key,
    changed.old_event_date
from changed
left join leads
    on changed.old_lead_id = leads.lead_id
{% endif %}
