{{ config(materialized='view') }}

with

published as (

    select * from {{ ref('published_scores') }}

),

last_change as (

    select max(change_number) as change_number
    from published

)

select
    published.sync_key,
    published.lead_id,
    published.scorecard,
    published.change_type,
    published.changed_columns,
    published.fit_band,
    published.engagement_band,
    published.lead_band,
    published.score_label,
    published.stage,
    published.next_action,
    published.qualified_stage,
    published.score_trend,
    published.top_reason_1,
    published.top_reason_2,
    published.top_reason_3,
    published.fit_score,
    published.engagement_score,
    published.lead_score,
    published.change_number,
    published.is_mql,
    published.is_sql,
    published.is_suppressed,
    published.is_customer,
    published.changed_at,
    published.qualified_since,
    published.cools_on
from published
inner join last_change
    on published.change_number = last_change.change_number
