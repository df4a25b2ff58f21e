{{ config(pre_hook="{{ remember_patterns('event') }}") }}

with

events as (

    select * from {{ ref('int_events_counted') }}
    where is_catalogued

),

dates as (

    select as_of_date from {{ ref('int_dates_scored') }}

),

event_catalog as (

    select
        lower({{ seed_cell('raw_event_type') }}) as raw_event_type,
        lower({{ seed_cell('event_type') }}) as event_type,
        {{ parse_boolean(seed_cell('is_engagement')) }} as is_engagement
    from {{ ref('event_catalog') }}

),

-- Each raw event type with the conditions that may match it, so that * needs no join of its own.
candidates as (

    select
        event_catalog.raw_event_type,
        clauses.*,
        dates.as_of_date
    from event_catalog
    inner join {{ ref('int_condition_clauses') }} as clauses
        on
            event_catalog.event_type = clauses.event_type
            or (clauses.event_type = '*' and event_catalog.is_engagement)
    -- What a condition on ages matches depends on the date from which they count.
    left join dates
        on clauses.is_dated
    where clauses.subject = 'event'

),

clause_inputs as (

    select
        events.event_key,
        events.lead_id,
        events.event_date,
        candidates.as_of_date,
        candidates.condition_id,
        candidates.clause_count,
        {{- clause_columns(declared_fields('event'), 'events', 'candidates') }}
    from events
    inner join candidates
        on events.raw_event_type = candidates.raw_event_type

),

clauses_holding as (

    select
        event_key,
        lead_id,
        event_date,
        as_of_date,
        condition_id,
        clause_count
    from clause_inputs
    where
        clause_count = 0
        or {{ clause_holds() }}

),

-- Only conditions of several clauses need the events grouped one by one.
matches as (

    select
        lead_id,
        event_date,
        as_of_date,
        condition_id
    from clauses_holding
    where clause_count <= 1

    union all

    select
        lead_id,
        event_date,
        as_of_date,
        condition_id
    from clauses_holding
    where clause_count > 1
    group by
        event_key,
        lead_id,
        event_date,
        as_of_date,
        condition_id,
        clause_count
    having count(*) = clause_count

)

select
    lead_id,
    condition_id,
    event_date,
    as_of_date,
    count(*) as event_count
from matches
group by
    lead_id,
    condition_id,
    event_date,
    as_of_date
