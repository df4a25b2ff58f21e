-- Worked out by hand. Fit: plan 40, size 24, of 100. Engagement: 10 points a hit, half after ten days, of 60. The macro
-- combined_score of this project makes them the root of their product; the mean would be 44.50, 20.33 and 20.00.
with

expected as (

    select 'c-1' as lead_id, 64.00 as fit_score, 25.00 as engagement_score, 40.00 as lead_score, 'A1' as score_label
    union all
    select 'c-2' as lead_id, 24.00 as fit_score, 16.67 as engagement_score, 20.00 as lead_score, 'B2' as score_label
    union all
    select 'c-3' as lead_id, 40.00 as fit_score, 0.00 as engagement_score, 0.00 as lead_score, 'B2' as score_label

),

found as (

    select
        lead_id,
        fit_score,
        engagement_score,
        lead_score,
        score_label
    from {{ ref('lead_scoring', 'lead_scores') }}

)

(select * from expected except select * from found)
union all
(select * from found except select * from expected)
