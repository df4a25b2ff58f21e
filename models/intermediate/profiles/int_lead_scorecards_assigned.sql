with

leads as (

    select lead_id from {{ ref('int_profiles_joined') }}

),

scorecards as (

    select {{ seed_cell('scorecard') }} as scorecard
    from {{ ref('scorecards') }}

),

audiences as (

    select
        condition_id,
        scorecard
    from {{ ref('int_conditions_keyed') }}
    where seed = 'scorecard_audiences'

),

matches as (

    select
        lead_id,
        condition_id
    from {{ ref('int_profile_conditions_matched') }}
    where is_matched

)

-- A scorecard without an audience is for everyone.
select
    leads.lead_id,
    scorecards.scorecard
from leads
cross join scorecards
left join audiences
    on scorecards.scorecard = audiences.scorecard
left join matches
    on
        leads.lead_id = matches.lead_id
        and audiences.condition_id = matches.condition_id
where
    audiences.condition_id is null
    or matches.condition_id is not null
