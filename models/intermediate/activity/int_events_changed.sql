{{ config(pre_hook="{{ remember_patterns('exclusion') }}") }}

{%- set kept = kept_events() -%}
{%- set text = dbt.type_string() %}
{%- set decided_later = ['lead_id', 'exclusion_id', 'event_type', 'channel', 'is_catalogued', 'is_engagement',
    'names_lead', 'lead_created_at', 'own_lead_id', 'visitor_id', 'erased_key', 'exclusion_rules_key',
    'record_count', 'settled_others'] %}
{%- set resolved_columns = ['event_key', 'event_id', 'lead_id', 'own_lead_id', 'visitor_id', 'erased_key',
    'exclusion_id', 'exclusion_rules_key'] + event_columns() + ['event_type', 'channel', 'is_catalogued',
    'is_engagement', 'names_lead', 'record_count', 'settled_others', 'lead_created_at', 'event_date', 'read_from',
    'contract_key'] %}

with

reconsidered as (

    select * from {{ ref('int_events_reconsidered') }}

),

unresolved as (

    select * from reconsidered
    where not is_gone

),

resolved as (

    {{ resolve_events('unresolved') }}

)

{%- if kept is none %}

-- The events are all read anew, by int_events_resolved itself.
select
    *,
    false as is_gone,
    cast(null as {{ text }}) as old_lead_id,
    cast(null as {{ text }}) as old_lead_key,
    cast(null as date) as old_event_date
from resolved
where 1 = 0
{%- else -%}
,

leads as (

    select lead_id
    from {{ ref('int_profiles_joined') }}

),

stored as (

    select kept.*
    from {{ kept }} as kept
    inner join reconsidered
        on kept.event_key = reconsidered.event_key

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
    inner join reconsidered
        on stored.event_key = reconsidered.event_key
    where reconsidered.is_gone

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
{%- endif %}
