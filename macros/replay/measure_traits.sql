{% macro measure_traits(lead_dates) %}
    {%- set double = type_double() %}
with

lead_dates as (

    select
        lead_id,
        as_of_date,
        -- The first dates that lie within the last 30 and 90 days.
        cast({{ dbt.dateadd('day', -29, 'as_of_date') }} as date) as first_of_30d,
        cast({{ dbt.dateadd('day', -89, 'as_of_date') }} as date) as first_of_90d
    from {{ lead_dates }}

),

leads as (

    select distinct lead_id
    from lead_dates

),

activity_days as (

    select activity_days.*
    from {{ named(ref('int_activity_days_rolled'), 'activity_days') }}
    inner join leads
        on activity_days.lead_id = leads.lead_id
    where activity_days.event_date <= {{ as_of_date() }}

),

latest_days as (

    select
        lead_id,
        max(event_date) as event_date
    from activity_days
    group by lead_id

),

-- What lasts changes on days with events only: many dates share the last such day up to them.
lead_states as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        latest_days.event_date as state_date
    from lead_dates
    inner join latest_days
        on
            lead_dates.lead_id = latest_days.lead_id
            and lead_dates.as_of_date >= latest_days.event_date

    union all

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        max(activity_days.event_date) as state_date
    from lead_dates
    inner join latest_days
        on
            lead_dates.lead_id = latest_days.lead_id
            and lead_dates.as_of_date < latest_days.event_date
    inner join activity_days
        on
            lead_dates.lead_id = activity_days.lead_id
            and lead_dates.as_of_date >= activity_days.event_date
    group by
        lead_dates.lead_id,
        lead_dates.as_of_date

),

states as (

    select distinct
        lead_id,
        state_date
    from lead_states

),

state_days as (

    select
        states.lead_id,
        states.state_date,
        max(activity_days.last_engagement_at) as last_engagement_at,
        max(case when activity_days.engagements > 0 then activity_days.event_date end) as last_engagement_date,
        min(case when activity_days.first_channel is not null then activity_days.event_date end)
            as first_channel_date,
        max(case when activity_days.last_channel is not null then activity_days.event_date end)
            as last_channel_date
    from states
    inner join activity_days
        on
            states.lead_id = activity_days.lead_id
            and states.state_date >= activity_days.event_date
    group by
        states.lead_id,
        states.state_date

),

day_traits as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        sum(
            case
                when activity_days.engagements > 0 and activity_days.event_date >= lead_dates.first_of_30d then 1
                else 0
            end
        ) as active_days_30d,
        sum(case when activity_days.engagements > 0 then 1 else 0 end) as active_days_90d,
        {%- for measure in ['engagements', 'sessions', 'page_seconds', 'timed_pages'] %}
        sum(case when activity_days.event_date >= lead_dates.first_of_30d then activity_days.{{ measure }} end)
            as {{ measure }}_30d,
        {%- endfor %}
        {%- for measure in ['sessions', 'bounces', 'emails_delivered', 'emails_opened', 'emails_clicked'] %}
        sum(activity_days.{{ measure }}) as {{ measure }}_90d{{ ',' if not loop.last }}
        {%- endfor %}
    from lead_dates
    inner join activity_days
        on
            lead_dates.lead_id = activity_days.lead_id
            and lead_dates.as_of_date >= activity_days.event_date
            and lead_dates.first_of_90d <= activity_days.event_date
    group by
        lead_dates.lead_id,
        lead_dates.as_of_date

),

interests as (

    select
        interests.lead_id,
        interests.interest,
        interests.interest_value,
        interests.catalogued_events,
        interests.event_date,
        interests.last_at
    from {{ named(ref('int_interests_rolled'), 'interests') }}
    inner join leads
        on interests.lead_id = leads.lead_id
    where interests.event_date <= {{ as_of_date() }}

),

page_traits as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        count(distinct interests.interest_value) as distinct_pages_30d
    from lead_dates
    inner join interests
        on
            lead_dates.lead_id = interests.lead_id
            and lead_dates.as_of_date >= interests.event_date
            and lead_dates.first_of_30d <= interests.event_date
    where interests.interest = 'page_path'
    group by
        lead_dates.lead_id,
        lead_dates.as_of_date

),

interests_counted as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        interests.interest,
        interests.interest_value,
        sum(interests.catalogued_events) as catalogued_events,
        max(interests.last_at) as last_at
    from lead_dates
    inner join interests
        on
            lead_dates.lead_id = interests.lead_id
            and lead_dates.as_of_date >= interests.event_date
            and lead_dates.first_of_90d <= interests.event_date
    where
        interests.interest in ('content_topic', 'device')
        and interests.catalogued_events > 0
    group by
        lead_dates.lead_id,
        lead_dates.as_of_date,
        interests.interest,
        interests.interest_value

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
                catalogued_events desc,
                last_at desc,
                {{ bytewise('interest_value') }} asc
        ) as frequency_rank
    from interests_counted

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
        emails.lead_id,
        emails.event_id,
        emails.event_type,
        emails.channel,
        emails.campaign,
        emails.event_date,
        emails.occurred_at
    from {{ named(ref('int_events_counted'), 'emails') }}
    inner join leads
        on emails.lead_id = leads.lead_id
    where
        emails.is_catalogued
        and emails.event_type in ('email_delivered', 'email_open')
        and emails.event_date <= {{ as_of_date() }}

),

latest_emails as (

    select
        states.lead_id,
        states.state_date,
        emails.campaign,
        emails.occurred_at,
        row_number() over (
            partition by states.lead_id, states.state_date
            order by
                emails.occurred_at desc,
                {{ bytewise('emails.event_id') }} desc nulls last,
                {{ bytewise('emails.channel') }} desc nulls last,
                {{ bytewise('emails.campaign') }} desc nulls last
        ) as recency_rank
    from states
    inner join emails
        on
            states.lead_id = emails.lead_id
            and states.state_date >= emails.event_date
    where emails.event_type = 'email_delivered'

),

latest_opens as (

    select
        states.lead_id,
        states.state_date,
        emails.campaign,
        max(emails.occurred_at) as last_opened_at
    from states
    inner join emails
        on
            states.lead_id = emails.lead_id
            and states.state_date >= emails.event_date
    where
        emails.event_type = 'email_open'
        and emails.campaign is not null
    group by
        states.lead_id,
        states.state_date,
        emails.campaign

),

email_traits as (

    select
        latest_emails.lead_id,
        latest_emails.state_date,
        min(case when latest_opens.last_opened_at >= latest_emails.occurred_at then 1 else 0 end) = 1
            as opened_last_5_emails
    from latest_emails
    left join latest_opens
        on
            latest_emails.lead_id = latest_opens.lead_id
            and latest_emails.state_date = latest_opens.state_date
            and latest_emails.campaign = latest_opens.campaign
    where latest_emails.recency_rank <= 5
    group by
        latest_emails.lead_id,
        latest_emails.state_date
    having count(*) = 5

),

-- Traits that last until the next event.
lasting_traits as (

    select
        lead_states.lead_id,
        lead_states.as_of_date,
        first_days.first_channel,
        last_days.last_channel,
        {{ age_days('state_days.last_engagement_date', 'lead_states.as_of_date') }} as days_since_last_engagement,
        email_traits.opened_last_5_emails,
        state_days.last_engagement_at
    from lead_states
    inner join state_days
        on
            lead_states.lead_id = state_days.lead_id
            and lead_states.state_date = state_days.state_date
    left join activity_days as first_days
        on
            state_days.lead_id = first_days.lead_id
            and state_days.first_channel_date = first_days.event_date
    left join activity_days as last_days
        on
            state_days.lead_id = last_days.lead_id
            and state_days.last_channel_date = last_days.event_date
    left join email_traits
        on
            state_days.lead_id = email_traits.lead_id
            and state_days.state_date = email_traits.state_date

),

purchase_traits as (

    select
        lead_dates.lead_id,
        lead_dates.as_of_date,
        count(*) as past_purchases,
        {{ summed_amount('conversions.amount') }} as past_purchase_value
    from lead_dates
    inner join {{ named(ref('stg_raw__conversions'), 'conversions') }}
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
    lasting_traits.first_channel,
    lasting_traits.last_channel,
    cast(lasting_traits.days_since_last_engagement as {{ double }}) as days_since_last_engagement,
    cast(coalesce(day_traits.active_days_30d, 0) as {{ double }}) as active_days_30d,
    cast(coalesce(day_traits.active_days_90d, 0) as {{ double }}) as active_days_90d,
    cast(coalesce(day_traits.engagements_30d, 0) as {{ double }}) as events_30d,
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
    lasting_traits.opened_last_5_emails,
    lasting_traits.last_engagement_at
from lead_dates
{%- for traits in [
    'lasting_traits', 'day_traits', 'page_traits', 'interest_traits', 'purchase_traits',
] %}
left join {{ traits }}
    on
        lead_dates.lead_id = {{ traits }}.lead_id
        and lead_dates.as_of_date = {{ traits }}.as_of_date
{%- endfor %}
{%- endmacro %}
