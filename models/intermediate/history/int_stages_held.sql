with

transitions as (

    select
        lead_id,
        scorecard,
        stage_key,
        transition,
        entry_number,
        transition_date,
        row_number() over (
            partition by lead_id, scorecard, stage_key
            order by transition_date desc
        ) as recency_rank
    from {{ ref('int_stage_transitions_recorded') }}
    where transition_date <= {{ as_of_date() }}

),

stages as (

    select distinct
        scorecard,
        stage_key,
        stage,
        stage_place,
        is_sales_stage
    from {{ ref('int_qualification_thresholds') }}

),

suppressed_leads as (

    select lead_id
    from {{ ref('int_leads_suppressed') }}
    where as_of_date = {{ as_of_date() }}

)

-- Whoever is suppressed has left its stages, unless the date is one that is not recorded again.
select
    transitions.lead_id,
    transitions.scorecard,
    stages.stage,
    transitions.entry_number,
    stages.stage_place,
    stages.is_sales_stage,
    row_number() over (
        partition by transitions.lead_id, transitions.scorecard
        order by stages.stage_place desc
    ) = 1 as is_highest,
    transitions.transition_date as entered_on
from transitions
inner join stages
    on
        transitions.scorecard = stages.scorecard
        and transitions.stage_key = stages.stage_key
left join suppressed_leads
    on transitions.lead_id = suppressed_leads.lead_id
where
    suppressed_leads.lead_id is null
    and transitions.recency_rank = 1
    and transitions.transition = 'entry'
