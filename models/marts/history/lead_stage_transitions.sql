select
    lead_id,
    scorecard,
    stage,
    transition,
    exit_cause,
    reason,
    top_reason_1,
    top_reason_2,
    top_reason_3,
    entry_number,
    cast(days_in_stage as {{ dbt.type_int() }}) as days_in_stage,
    fit_score,
    engagement_score,
    lead_score,
    transition_date
from {{ ref('int_stage_transitions_recorded') }}
