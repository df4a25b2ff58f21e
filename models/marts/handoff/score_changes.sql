{{ config(materialized='view') }}

select
    sync_key,
    lead_id,
    scorecard,
    change_type,
    changed_columns,
    fit_band,
    engagement_band,
    lead_band,
    score_label,
    stage,
    next_action,
    qualified_stage,
    score_trend,
    top_reason_1,
    top_reason_2,
    top_reason_3,
    fit_score,
    engagement_score,
    lead_score,
    change_number,
    is_mql,
    is_sql,
    is_suppressed,
    is_customer,
    changed_at,
    qualified_since,
    cools_on
from {{ ref('published_scores') }}
where change_number = (select max(change_number) from {{ ref('published_scores') }})
