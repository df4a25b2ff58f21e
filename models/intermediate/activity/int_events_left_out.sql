{{ config(pre_hook="{{ remember_patterns('exclusion') }}") }}

with

events as (

    select * from {{ ref('int_events_resolved') }}

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

),

reasons as (

    select
        events.event_key,
        events.event_id,
        exclusions_deciding.exclusion_id,
        case
            when events.is_deleted then 'deleted'
            when events.occurred_at is null then 'unknown_occurred_at'
            when exclusions_deciding.event_key is not null then 'excluded'
            when not events.names_lead then 'no_lead'
            when events.lead_id is null then 'unknown_lead'
            when events.lead_created_at >= {{ end_of_as_of_date() }} then 'lead_not_created'
            when events.occurred_at >= {{ end_of_as_of_date() }} then 'future'
        end as reason
    from events
    left join exclusions_deciding
        on events.event_key = exclusions_deciding.event_key

)

select
    event_key,
    event_id,
    case when reason = 'excluded' then exclusion_id end as exclusion_id,
    reason
from reasons
where reason is not null
