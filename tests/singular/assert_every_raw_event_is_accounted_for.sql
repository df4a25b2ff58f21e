-- Each raw event counts, or is left out for one reason that data_quality_issues counts.

with

raw_events as (

    select count(*) as row_count
    from {{ raw_relation('raw_events', raw_columns('raw_events')) }}

),

counted_events as (

    select count(*) as row_count
    from {{ named(ref('int_events_counted'), 'counted') }}
    left join {{ named(ref('int_events_left_out'), 'left_out') }}
        on counted.event_key = left_out.event_key
    where left_out.event_key is null

),

issues as (

    select coalesce(sum(affected_rows), 0) as row_count
    from {{ ref('data_quality_issues') }}
    where
        table_name = 'raw_events'
        and issue in (
            'duplicate', 'deleted', 'unknown_occurred_at', 'excluded', 'no_lead', 'unknown_lead',
            'lead_not_created', 'future'
        )

)

select
    raw_events.row_count as raw_rows,
    counted_events.row_count as counted_rows,
    issues.row_count as left_out_rows
from raw_events
cross join counted_events
cross join issues
where raw_events.row_count <> counted_events.row_count + issues.row_count
