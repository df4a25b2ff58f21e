-- One row per lead with the simple scores that a scorecard has to beat, from the same events.
with

events as (

    select
        lead_id,
        getvariable('as_of') - cast(occurred_at as date) as age_days
    from raw_events
    where cast(occurred_at as date) <= getvariable('as_of')

)

select
    lead_id,
    -min(age_days) as "recency of the last event",
    sum(power(0.5, age_days / 14)) as "decayed sum of events, 14 d",
    count(*) as "plain sum of events"
from events
group by lead_id
