{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    pre_hook=["{{ forget_touched_days() }}", "{{ forget_lost_leads() }}"],
    post_hook=["{{ mark_changes_seen() }}", "{{ forget_seen_marks() }}"],
) }}

with

events as (

    {{ events_to_roll_up() }}

),

-- Types that the catalogue lacks count for pages and channels only.
event_days as (

    select
        lead_id,
        event_date,
        sum(case when is_engagement then 1 else 0 end) as engagements,
        max(case when is_engagement then occurred_at end) as last_engagement_at,
        {%- for counted, event_type in {
            'emails_delivered': 'email_delivered', 'emails_opened': 'email_open', 'emails_clicked': 'email_click',
        }.items() %}
        sum(case when event_type = '{{ event_type }}' and is_catalogued then 1 else 0 end) as {{ counted }},
        {%- endfor %}
        sum(case when page_path is not null then duration_seconds end) as page_seconds,
        count(case when page_path is not null then duration_seconds end) as timed_pages,
        min(case when channel is not null then occurred_at end) as first_channel_at,
        max(case when channel is not null then occurred_at end) as last_channel_at
    from events
    group by
        lead_id,
        event_date

),

page_views as (

    select
        lead_id,
        event_date,
        duration_seconds,
        occurred_at,
        lag(occurred_at) over (partition by lead_id, event_date order by occurred_at) as previous_at,
        lead(occurred_at) over (partition by lead_id, event_date order by occurred_at) as next_at
    from events
    where page_path is not null

),

-- A session ends where half an hour or more lies before the next page view of the day.
session_edges as (

    select
        lead_id,
        event_date,
        duration_seconds,
        coalesce(occurred_at >= {{ dbt.dateadd('minute', 30, 'previous_at') }}, true) as is_start,
        coalesce(next_at >= {{ dbt.dateadd('minute', 30, 'occurred_at') }}, true) as is_end
    from page_views

),

session_days as (

    select
        lead_id,
        event_date,
        sum(case when is_start then 1 else 0 end) as sessions,
        sum(case when is_start and is_end and duration_seconds < 10 then 1 else 0 end) as bounces
    from session_edges
    group by
        lead_id,
        event_date

),

channel_edges as (

    select
        events.lead_id,
        events.event_date,
        events.channel,
        row_number() over (
            partition by events.lead_id, events.event_date
            order by
                events.occurred_at asc,
                {{ bytewise('events.event_id') }} asc nulls first,
                {{ bytewise('events.channel') }} asc
        ) as place_from_first,
        row_number() over (
            partition by events.lead_id, events.event_date
            order by
                events.occurred_at desc,
                {{ bytewise('events.event_id') }} desc nulls last,
                {{ bytewise('events.channel') }} desc
        ) as place_from_last
    from events
    inner join event_days
        on
            events.lead_id = event_days.lead_id
            and events.event_date = event_days.event_date
    where
        events.channel is not null
        and (
            events.occurred_at = event_days.first_channel_at
            or events.occurred_at = event_days.last_channel_at
        )

),

channel_days as (

    select
        lead_id,
        event_date,
        max(case when place_from_first = 1 then channel end) as first_channel,
        max(case when place_from_last = 1 then channel end) as last_channel
    from channel_edges
    group by
        lead_id,
        event_date

)

select
    event_days.lead_id,
    event_days.event_date,
    channel_days.first_channel,
    channel_days.last_channel,
    event_days.engagements,
    coalesce(session_days.sessions, 0) as sessions,
    coalesce(session_days.bounces, 0) as bounces,
    event_days.emails_delivered,
    event_days.emails_opened,
    event_days.emails_clicked,
    event_days.page_seconds,
    event_days.timed_pages,
    cast(null as bigint) as change_number,
    (
        select coalesce(max(changes.change_number), 0)
        from {{ named(ref('int_event_days_touched'), 'changes') }}
    ) as made_in,
    event_days.last_engagement_at
from event_days
left join session_days
    on
        event_days.lead_id = session_days.lead_id
        and event_days.event_date = session_days.event_date
left join channel_days
    on
        event_days.lead_id = channel_days.lead_id
        and event_days.event_date = channel_days.event_date
