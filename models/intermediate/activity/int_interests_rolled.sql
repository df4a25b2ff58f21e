{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    pre_hook=["{{ forget_touched_days() }}", "{{ forget_lost_leads() }}"],
    post_hook=["{{ mark_changes_seen() }}", "{{ forget_seen_marks() }}"],
) }}

-- depends_on: {{ ref('int_event_days_touched') }}

with

events as (

    {{ events_to_roll_up() }}

)

{% for interest in ['page_path', 'content_topic', 'device', 'event_type'] %}
select
    lead_id,
    event_date,
    '{{ interest }}' as interest,
    {{ interest }} as interest_value,
    sum(case when is_catalogued then 1 else 0 end) as catalogued_events,
    sum(case when is_engagement then 1 else 0 end) as engagements,
    cast(null as bigint) as change_number,
    max(case when is_catalogued then occurred_at end) as last_at
from events
where {{ interest }} is not null
group by
    lead_id,
    event_date,
    {{ interest }}
{{ 'union all' if not loop.last }}
{% endfor %}
