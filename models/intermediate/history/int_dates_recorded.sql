{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    full_refresh=false,
    pre_hook="{{ forget_rewritten('score_date', has_leads=false) }}",
) }}

-- Written last: a date that stands here has been recorded in full.
-- depends_on: {{ ref('int_score_history_recorded') }}, {{ ref('int_stage_transitions_recorded') }}

select
    as_of_date as score_date,
    run_date
from {{ ref('int_dates_scored') }}
where is_recorded
