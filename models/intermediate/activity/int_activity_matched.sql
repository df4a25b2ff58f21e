{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    pre_hook=[
        "{{ remember_patterns('event') }}",
        "{{ forget_touched_days() }}",
        "{{ forget_lost_leads() }}",
        "{{ forget_lost_conditions() }}",
    ],
    post_hook=["{{ mark_changes_seen() }}", "{{ forget_seen_marks() }}", "{{ mark_conditions_matched() }}"],
) }}

-- depends_on: {{ ref('int_event_days_touched') }}

with

events as (

    select * from {{ ref('int_events_counted') }}
    where is_catalogued

),

dates as (

    select as_of_date from {{ ref('int_dates_scored') }}

),

event_catalog as (

    {{ catalogued_types() }}

),

{% if is_incremental() -%}
touched as (

    {{ touched_days() }}

),

matched_conditions as (

    select distinct condition_id
    from {{ this }}
    where
        lead_id is null
        and condition_id is not null

),

{% endif -%}

-- Each raw event type with the conditions that may match it, so that * needs no join of its own.
candidates as (

    select
        event_catalog.raw_event_type,
        clauses.*,
        {%- if is_incremental() %}
        matched_conditions.condition_id is null as is_new,
        {%- endif %}
        dates.as_of_date
    from event_catalog
    inner join {{ named(ref('int_condition_clauses'), 'clauses') }}
        on
            event_catalog.event_type = clauses.event_type
            or (clauses.event_type = '*' and event_catalog.is_engagement)
    -- What a condition on ages matches depends on the date from which they count.
    left join dates
        on clauses.is_dated
    {%- if is_incremental() %}
    left join matched_conditions
        on clauses.condition_id = matched_conditions.condition_id
    {%- endif %}
    where clauses.subject = 'event'

),

{% if is_incremental() -%}
types_of_new_conditions as (

    select distinct raw_event_type
    from candidates
    where is_new

),

-- New conditions look at all events, the others at those of touched days.
events_to_match as (

    select
        events.*,
        true as is_touched
    from events
    inner join touched
        on
            events.lead_id = touched.lead_id
            and events.event_date = touched.event_date

    union all

    select
        events.*,
        false as is_touched
    from events
    inner join types_of_new_conditions
        on events.raw_event_type = types_of_new_conditions.raw_event_type
    left join touched
        on
            events.lead_id = touched.lead_id
            and events.event_date = touched.event_date
    where touched.lead_id is null

),

{% endif -%}

clause_inputs as (

    select
        events.event_key,
        events.lead_id,
        events.event_date,
        candidates.as_of_date,
        candidates.condition_id,
        candidates.clause_count,
        {{- clause_columns(declared_fields('event'), 'events', 'candidates') }}
    {%- if is_incremental() %}
    from events_to_match as events
    inner join candidates
        on
            events.raw_event_type = candidates.raw_event_type
            and (events.is_touched or candidates.is_new)
    {%- else %}
    from events
    inner join candidates
        on events.raw_event_type = candidates.raw_event_type
    {%- endif %}

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
    count(*) as event_count,
    cast(null as bigint) as change_number
from matches
group by
    lead_id,
    condition_id,
    event_date,
    as_of_date
