-- The contributions of a lead sum exactly to the points of its scores.

with

contributions as (

    select
        lead_id,
        scorecard,
        sum(case when score = 'fit' then points else 0 end) as fit_points,
        sum(case when score = 'engagement' then points else 0 end) as engagement_points
    from {{ ref('lead_score_contributions') }}
    group by
        lead_id,
        scorecard

)

select
    lead_scores.lead_id,
    lead_scores.scorecard,
    lead_scores.fit_points,
    lead_scores.engagement_points,
    contributions.fit_points as contributed_fit_points,
    contributions.engagement_points as contributed_engagement_points
from {{ named(ref('lead_scores'), 'lead_scores') }}
left join contributions
    on
        lead_scores.lead_id = contributions.lead_id
        and lead_scores.scorecard = contributions.scorecard
where
    lead_scores.fit_points <> coalesce(contributions.fit_points, 0)
    or lead_scores.engagement_points <> coalesce(contributions.engagement_points, 0)
