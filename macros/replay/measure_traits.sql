{% macro measure_traits(lead_dates) %}
    {%- set double = type_double() %}
with

lead_dates as (

    select
        lead_id,
        as_of_date
    from {{ lead_dates }}

),

days as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        activity_days.event_date,
        {{ age_days('activity_days.event_date', 'lead_dates.as_of_date') }} as age_days,
        activity_days.first_channel,
        activity_days.last_channel,
        activity_days.engagements,
        activity_days.sessions,
        activity_days.bounces,
        activity_days.emails_delivered,
        activity_days.emails_opened,
        activity_days.emails_clicked,
        activity_days.page_seconds,
        activity_days.timed_pages,
        activity_days.last_engagement_at
    from lead_dates
    inner join {{ ref('int_activity_days_rolled') }} as activity_days
        on
            lead_dates.lead_id = activity_days.lead_id
            and lead_dates.as_of_date >= activity_days.event_date

),

day_traits as (

    select
        lead_id,
        as_of_date,
        max(last_engagement_at) as last_engagement_at,
        min(case when engagements > 0 then age_days end) as days_since_last_engagement,
        sum(case when engagements > 0 and age_days < 30 then 1 else 0 end) as active_days_30d,
        sum(case when engagements > 0 and age_days < 90 then 1 else 0 end) as active_days_90d,
        sum(case when age_days < 30 then engagements else 0 end) as events_30d,
        sum(case when age_days < 30 then sessions else 0 end) as sessions_30d,
        sum(case when age_days < 90 then sessions else 0 end) as sessions_90d,
        sum(case when age_days < 90 then bounces else 0 end) as bounces_90d,
        sum(case when age_days < 30 then page_seconds end) as page_seconds_30d,
        sum(case when age_days < 30 then timed_pages else 0 end) as timed_pages_30d,
        {%- for counted in ['emails_delivered', 'emails_opened', 'emails_clicked'] %}
        sum(case when age_days < 90 then {{ counted }} else 0 end) as {{ counted }}_90d,
        {%- endfor %}
        min(case when first_channel is not null then event_date end) as first_channel_date,
        max(case when last_channel is not null then event_date end) as last_channel_date
    from days
    group by
        lead_id,
        as_of_date

),

channel_traits as (

    select
        days.lead_id,
        days.as_of_date,
        max(case when days.event_date = day_traits.first_channel_date then days.first_channel end) as first_channel,
        max(case when days.event_date = day_traits.last_channel_date then days.last_channel end) as last_channel
    from days
    inner join day_traits
        on
            days.lead_id = day_traits.lead_id
            and days.as_of_date = day_traits.as_of_date
    group by
        days.lead_id,
        days.as_of_date

),

interests as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        interests_rolled.interest,
        interests_rolled.interest_value,
        {{ age_days('interests_rolled.event_date', 'lead_dates.as_of_date') }} as age_days,
        interests_rolled.catalogued_events,
        interests_rolled.last_at
    from lead_dates
    inner join {{ ref('int_interests_rolled') }} as interests_rolled
        on
            lead_dates.lead_id = interests_rolled.lead_id
            and lead_dates.as_of_date >= interests_rolled.event_date
    where interests_rolled.interest in ('page_path', 'content_topic', 'device')

),

page_traits as (

    select
        lead_id,
        as_of_date,
        count(distinct interest_value) as distinct_pages_30d
    from interests
    where
        interest = 'page_path'
        and age_days < 30
    group by
        lead_id,
        as_of_date

),

interests_ranked as (

    select
        lead_id,
        as_of_date,
        interest,
        interest_value,
        row_number() over (
            partition by lead_id, as_of_date, interest
            order by
                sum(catalogued_events) desc,
                max(last_at) desc,
                {{ bytewise('interest_value') }} asc
        ) as frequency_rank
    from interests
    where
        interest in ('content_topic', 'device')
        and age_days < 90
        and catalogued_events > 0
    group by
        lead_id,
        as_of_date,
        interest,
        interest_value

),

interest_traits as (

    select
        lead_id,
        as_of_date,
        max(case when interest = 'content_topic' then interest_value end) as top_content_topic,
        max(case when interest = 'device' then interest_value end) as top_device
    from interests_ranked
    where frequency_rank = 1
    group by
        lead_id,
        as_of_date

),

emails as (

    select
        lead_id,
        event_id,
        event_type,
        channel,
        campaign,
        event_date,
        occurred_at
    from {{ ref('int_events_counted') }}
    where
        is_catalogued
        and event_type in ('email_delivered', 'email_open')

),

latest_emails as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        emails.campaign,
        emails.occurred_at,
        row_number() over (
            partition by lead_dates.lead_id, lead_dates.as_of_date
            order by
                emails.occurred_at desc,
                {{ bytewise('emails.event_id') }} desc nulls last,
                {{ bytewise('emails.channel') }} desc nulls last,
                {{ bytewise('emails.campaign') }} desc nulls last
        ) as recency_rank
    from lead_dates
    inner join emails
        on
            lead_dates.lead_id = emails.lead_id
            and lead_dates.as_of_date >= emails.event_date
    where emails.event_type = 'email_delivered'

),

latest_opens as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        emails.campaign,
        max(emails.occurred_at) as last_opened_at
    from lead_dates
    inner join emails
        on
            lead_dates.lead_id = emails.lead_id
            and lead_dates.as_of_date >= emails.event_date
    where
        emails.event_type = 'email_open'
        and emails.campaign is not null
    group by
        lead_dates.lead_id,
        lead_dates.as_of_date,
        emails.campaign

),

email_traits as (

    select
        latest_emails.lead_id,
        latest_emails.as_of_date,
        min(case when latest_opens.last_opened_at >= latest_emails.occurred_at then 1 else 0 end) = 1
            as opened_last_5_emails
    from latest_emails
    left join latest_opens
        on
            latest_emails.lead_id = latest_opens.lead_id
            and latest_emails.as_of_date = latest_opens.as_of_date
            and latest_emails.campaign = latest_opens.campaign
    where latest_emails.recency_rank <= 5
    group by
        latest_emails.lead_id,
        latest_emails.as_of_date
    having count(*) = 5

),

purchase_traits as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        count(*) as past_purchases,
        {{ summed_amount('conversions.amount') }} as past_purchase_value
    from lead_dates
    inner join {{ ref('stg_raw__conversions') }} as conversions
        on
            lead_dates.lead_id = conversions.lead_id
            and conversions.converted_at < {{ end_of_date('lead_dates.as_of_date') }}
    where
        not conversions.is_deleted
        and conversions.converted_at < {{ end_of_as_of_date() }}
        and {{ is_conversion_of(var('purchase_types')) }}
    group by
        lead_dates.lead_id,
        lead_dates.as_of_date

)

select
    lead_dates.lead_id,
    lead_dates.as_of_date,
    interest_traits.top_content_topic,
    interest_traits.top_device,
    channel_traits.first_channel,
    channel_traits.last_channel,
    cast(day_traits.days_since_last_engagement as {{ double }}) as days_since_last_engagement,
    cast(coalesce(day_traits.active_days_30d, 0) as {{ double }}) as active_days_30d,
    cast(coalesce(day_traits.active_days_90d, 0) as {{ double }}) as active_days_90d,
    cast(coalesce(day_traits.events_30d, 0) as {{ double }}) as events_30d,
    cast(coalesce(page_traits.distinct_pages_30d, 0) as {{ double }}) as distinct_pages_30d,
    cast(coalesce(day_traits.sessions_30d, 0) as {{ double }}) as sessions_30d,
    cast(day_traits.bounces_90d as {{ double }}) / nullif(day_traits.sessions_90d, 0) as bounce_rate_90d,
    -- Sums of binary fractions differ in their last bits with the order of the rows.
    {{ rounded_double('day_traits.page_seconds_30d / nullif(day_traits.timed_pages_30d, 0)') }}
        as average_page_seconds_30d,
    cast(coalesce(day_traits.emails_delivered_90d, 0) as {{ double }}) as emails_delivered_90d,
    {%- for rate, counted in {
        'email_open_rate_90d': 'emails_opened_90d', 'email_click_rate_90d': 'emails_clicked_90d',
    }.items() %}
    case
        when day_traits.emails_delivered_90d < 3 then null
        when day_traits.{{ counted }} > day_traits.emails_delivered_90d then 1
        else cast(day_traits.{{ counted }} as {{ double }}) / day_traits.emails_delivered_90d
    end as {{ rate }},
    {%- endfor %}
    cast(coalesce(purchase_traits.past_purchases, 0) as {{ double }}) as past_purchases,
    coalesce(purchase_traits.past_purchase_value, 0) as past_purchase_value,
    email_traits.opened_last_5_emails,
    day_traits.last_engagement_at
from lead_dates
{%- for traits in [
    'day_traits', 'channel_traits', 'page_traits', 'interest_traits', 'email_traits', 'purchase_traits',
] %}
left join {{ traits }}
    on
        lead_dates.lead_id = {{ traits }}.lead_id
        and lead_dates.as_of_date = {{ traits }}.as_of_date
{%- endfor %}
{%- endmacro %}
