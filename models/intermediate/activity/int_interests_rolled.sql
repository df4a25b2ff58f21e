with

events as (

    select
        lead_id,
        page_path,
        content_topic,
        device,
        event_type,
        is_catalogued,
        is_engagement,
        event_date,
        occurred_at
    from {{ ref('int_events_counted') }}

)

{% for interest in ['page_path', 'content_topic', 'device', 'event_type'] %}
select
    lead_id,
    event_date,
    '{{ interest }}' as interest,
    {{ interest }} as interest_value,
    sum(case when is_catalogued then 1 else 0 end) as catalogued_events,
    sum(case when is_engagement then 1 else 0 end) as engagements,
    max(case when is_catalogued then occurred_at end) as last_at
from events
where {{ interest }} is not null
group by
    lead_id,
    event_date,
    {{ interest }}
{{ 'union all' if not loop.last }}
{% endfor %}
