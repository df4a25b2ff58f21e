select
    lead_id,
    scorecard,
    fit_score,
    engagement_score,
    lead_score,
    is_scored,
    as_of_date
from {{ ref('int_score_history_recorded') }}
