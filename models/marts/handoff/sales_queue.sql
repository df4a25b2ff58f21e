with

previous_run as (

    select coalesce(max(run_date), cast('0001-01-01' as date)) as previous_run_date
    from {{ ref('int_dates_recorded') }}
    where run_date < {{ as_of_date() }}

),

stages_held as (

    select
        held.lead_id,
        held.scorecard,
        held.stage,
        held.entry_number,
        held.entered_on,
        row_number() over (
            partition by held.lead_id, held.scorecard
            order by held.stage_place desc
        ) as stage_rank
    from {{ named(ref('int_stages_held'), 'held') }}
    cross join previous_run
    where
        held.is_sales_stage
        and held.entered_on > previous_run.previous_run_date

),

scores as (

    select * from {{ ref('lead_scores') }}
    where
        not is_suppressed
        and not is_customer

),

leads as (

    select
        lead_id,
        account_id,
        email,
        job_title,
        country
    from {{ ref('stg_raw__leads') }}

),

accounts as (

    select
        account_id,
        company_name
    from {{ ref('stg_raw__accounts') }}
    where not is_deleted

)

select
    scores.lead_id,
    scores.scorecard,
    leads.account_id,
    stages_held.stage,
    leads.email,
    leads.job_title,
    accounts.company_name,
    leads.country,
    scores.score_label,
    scores.score_trend,
    scores.next_action,
    scores.top_reason_1,
    scores.top_reason_2,
    scores.top_reason_3,
    cast(row_number() over (
        partition by scores.scorecard
        order by scores.lead_score desc, scores.engagement_score desc, {{ bytewise('scores.lead_id') }} asc
    ) as {{ dbt.type_int() }}) as queue_rank,
    stages_held.entry_number,
    scores.fit_score,
    scores.engagement_score,
    scores.lead_score,
    stages_held.entry_number > 1 as is_reentry,
    stages_held.entered_on,
    scores.as_of_date
from scores
inner join stages_held
    on
        scores.lead_id = stages_held.lead_id
        and scores.scorecard = stages_held.scorecard
        and stages_held.stage_rank = 1
inner join leads
    on scores.lead_id = leads.lead_id
left join accounts
    on leads.account_id = accounts.account_id
