{%- set columns = raw_columns('raw_events') -%}
{%- set kept = kept_events() -%}
{%- if kept is not none -%} {%- do check_events_contract(kept) -%} {%- endif -%}

-- depends_on: {{ ref('stg_raw__erasures') }}

with

{% if kept is none %}
-- The events are all read anew, by int_events_resolved itself.
bounds as (

    select cast('0001-01-01' as {{ dbt.type_timestamp() }}) as read_from

)

select
    read_from,
    true as is_whole,
    read_from as unread_from
from bounds
where 1 = 0
{% else %}
erased_leads as (

    select lead_key
    from {{ ref('stg_raw__erasures') }}

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

)

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
{% endif %}
