{{ config(materialized='view') }}

with

reasons as (

    select
        event_key,
        event_id,
        exclusion_id,
        case
            when is_deleted then 'deleted'
            when occurred_at is null then 'unknown_occurred_at'
            when exclusion_id is not null then 'excluded'
            when not names_lead then 'no_lead'
            when lead_id is null then 'unknown_lead'
            when lead_created_at >= {{ end_of_as_of_date() }} then 'lead_not_created'
            when occurred_at >= {{ end_of_as_of_date() }} then 'future'
        end as reason
    from {{ ref('int_events_resolved') }}

)

select
    event_key,
    event_id,
    case when reason = 'excluded' then exclusion_id end as exclusion_id,
    reason
from reasons
where reason is not null
