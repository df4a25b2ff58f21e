{%- set double = type_double() -%}

with

events as (

    select
        resolved.lead_id,
        resolved.event_id,
        resolved.event_type,
        resolved.page_path,
        resolved.channel,
        resolved.campaign,
        resolved.content_topic,
        resolved.device,
        resolved.duration_seconds,
        resolved.is_catalogued,
        resolved.is_engagement,
        resolved.event_date,
        resolved.occurred_at,
        {{ age_days('resolved.event_date') }} as age_days
    from {{ ref('int_events_resolved') }} as resolved
    left join {{ ref('int_events_left_out') }} as left_out
        on resolved.event_key = left_out.event_key
    where left_out.event_key is null

),

-- Types that the catalogue lacks count for pages and channels only.
event_traits as (

    select
        lead_id,
        max(case when is_engagement then occurred_at end) as last_engagement_at,
        min(case when is_engagement then age_days end) as days_since_last_engagement,
        count(distinct case when is_engagement and age_days < 30 then event_date end) as active_days_30d,
        count(distinct case when is_engagement and age_days < 90 then event_date end) as active_days_90d,
        sum(case when is_engagement and age_days < 30 then 1 else 0 end) as events_30d,
        count(distinct case when age_days < 30 then page_path end) as distinct_pages_30d,
        avg(case when age_days < 30 and page_path is not null then duration_seconds end)
            as average_page_seconds_30d,
        sum(case when event_type = 'email_delivered' and is_catalogued and age_days < 90 then 1 else 0 end)
            as emails_delivered_90d,
        sum(case when event_type = 'email_open' and is_catalogued and age_days < 90 then 1 else 0 end)
            as emails_opened_90d,
        sum(case when event_type = 'email_click' and is_catalogued and age_days < 90 then 1 else 0 end)
            as emails_clicked_90d,
        min(case when channel is not null then occurred_at end) as first_channel_at,
        max(case when channel is not null then occurred_at end) as last_channel_at
    from events
    group by lead_id

),

page_views as (

    select
        lead_id,
        age_days,
        duration_seconds,
        occurred_at,
        lag(occurred_at) over (partition by lead_id, event_date order by occurred_at) as previous_at,
        lead(occurred_at) over (partition by lead_id, event_date order by occurred_at) as next_at
    from events
    where
        page_path is not null
        and age_days < 90

),

-- A session ends where half an hour or more lies before the next page view of the day.
session_edges as (

    select
        lead_id,
        age_days,
        duration_seconds,
        coalesce(occurred_at >= {{ dbt.dateadd('minute', 30, 'previous_at') }}, true) as is_start,
        coalesce(next_at >= {{ dbt.dateadd('minute', 30, 'occurred_at') }}, true) as is_end
    from page_views

),

session_traits as (

    select
        lead_id,
        sum(case when is_start and age_days < 30 then 1 else 0 end) as sessions_30d,
        cast(sum(case when is_start and is_end and duration_seconds < 10 then 1 else 0 end) as {{ double }})
        / sum(case when is_start then 1 else 0 end) as bounce_rate_90d
    from session_edges
    group by lead_id

),

channel_edges as (

    select
        events.lead_id,
        events.channel,
        row_number() over (
            partition by events.lead_id
            order by
                events.occurred_at asc,
                {{ bytewise('events.event_id') }} asc nulls first,
                {{ bytewise('events.channel') }} asc
        ) as place_from_first,
        row_number() over (
            partition by events.lead_id
            order by
                events.occurred_at desc,
                {{ bytewise('events.event_id') }} desc nulls last,
                {{ bytewise('events.channel') }} desc
        ) as place_from_last
    from events
    inner join event_traits
        on events.lead_id = event_traits.lead_id
    where
        events.channel is not null
        and (
            events.occurred_at = event_traits.first_channel_at
            or events.occurred_at = event_traits.last_channel_at
        )

),

channel_traits as (

    select
        lead_id,
        max(case when place_from_first = 1 then channel end) as first_channel,
        max(case when place_from_last = 1 then channel end) as last_channel
    from channel_edges
    group by lead_id

),

{% for column in ['content_topic', 'device'] %}
{{ column }}_counts as (

    select
        lead_id,
        {{ column }},
        row_number() over (
            partition by lead_id
            order by
                count(*) desc,
                max(occurred_at) desc,
                {{ bytewise(column) }} asc
        ) as frequency_rank
    from events
    where
        is_catalogued
        and age_days < 90
        and {{ column }} is not null
    group by
        lead_id,
        {{ column }}

),

{% endfor %}
latest_emails as (

    select
        lead_id,
        campaign,
        occurred_at,
        row_number() over (
            partition by lead_id
            order by
                occurred_at desc,
                {{ bytewise('event_id') }} desc nulls last,
                {{ bytewise('channel') }} desc nulls last,
                {{ bytewise('campaign') }} desc nulls last
        ) as recency_rank
    from events
    where
        is_catalogued
        and event_type = 'email_delivered'

),

latest_opens as (

    select
        lead_id,
        campaign,
        max(occurred_at) as last_opened_at
    from events
    where
        is_catalogued
        and event_type = 'email_open'
        and campaign is not null
    group by
        lead_id,
        campaign

),

email_traits as (

    select
        latest_emails.lead_id,
        min(case when latest_opens.last_opened_at >= latest_emails.occurred_at then 1 else 0 end) = 1
            as opened_last_5_emails
    from latest_emails
    left join latest_opens
        on
            latest_emails.lead_id = latest_opens.lead_id
            and latest_emails.campaign = latest_opens.campaign
    where latest_emails.recency_rank <= 5
    group by latest_emails.lead_id
    having count(*) = 5

),

purchase_traits as (

    select
        lead_id,
        count(*) as past_purchases,
        sum(amount) as past_purchase_value
    from {{ ref('stg_raw__conversions') }}
    where
        not is_deleted
        and lead_id is not null
        and converted_at < {{ end_of_as_of_date() }}
        and {{ is_conversion_of(var('purchase_types')) }}
    group by lead_id

),

leads as (

    select lead_id from {{ ref('stg_raw__leads') }}
    where not is_deleted

)

select
    leads.lead_id,
    content_topic_counts.content_topic as top_content_topic,
    device_counts.device as top_device,
    channel_traits.first_channel,
    channel_traits.last_channel,
    cast(event_traits.days_since_last_engagement as {{ double }}) as days_since_last_engagement,
    cast(coalesce(event_traits.active_days_30d, 0) as {{ double }}) as active_days_30d,
    cast(coalesce(event_traits.active_days_90d, 0) as {{ double }}) as active_days_90d,
    cast(coalesce(event_traits.events_30d, 0) as {{ double }}) as events_30d,
    cast(coalesce(event_traits.distinct_pages_30d, 0) as {{ double }}) as distinct_pages_30d,
    cast(coalesce(session_traits.sessions_30d, 0) as {{ double }}) as sessions_30d,
    session_traits.bounce_rate_90d,
    -- Sums of binary fractions differ in their last bits with the order of the rows.
    {{ rounded_double('event_traits.average_page_seconds_30d') }} as average_page_seconds_30d,
    cast(coalesce(event_traits.emails_delivered_90d, 0) as {{ double }}) as emails_delivered_90d,
    {%- for rate, counted in {
        'email_open_rate_90d': 'emails_opened_90d', 'email_click_rate_90d': 'emails_clicked_90d',
    }.items() %}
    case
        when event_traits.emails_delivered_90d < 3 then null
        when event_traits.{{ counted }} > event_traits.emails_delivered_90d then 1
        else cast(event_traits.{{ counted }} as {{ double }}) / event_traits.emails_delivered_90d
    end as {{ rate }},
    {%- endfor %}
    cast(coalesce(purchase_traits.past_purchases, 0) as {{ double }}) as past_purchases,
    coalesce({{ rounded_double('purchase_traits.past_purchase_value') }}, 0) as past_purchase_value,
    email_traits.opened_last_5_emails,
    event_traits.last_engagement_at
from leads
left join event_traits
    on leads.lead_id = event_traits.lead_id
left join session_traits
    on leads.lead_id = session_traits.lead_id
left join channel_traits
    on leads.lead_id = channel_traits.lead_id
left join content_topic_counts
    on
        leads.lead_id = content_topic_counts.lead_id
        and content_topic_counts.frequency_rank = 1
left join device_counts
    on
        leads.lead_id = device_counts.lead_id
        and device_counts.frequency_rank = 1
left join email_traits
    on leads.lead_id = email_traits.lead_id
left join purchase_traits
    on leads.lead_id = purchase_traits.lead_id
