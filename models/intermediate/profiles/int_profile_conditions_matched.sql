{{ config(pre_hook="{{ remember_patterns('profile') }}") }}

with

profiles as (

    select * from {{ ref('int_profiles_joined') }}

),

clauses as (

    select * from {{ ref('int_condition_clauses') }}
    where subject = 'profile'

),

clause_inputs as (

    select
        profiles.lead_id,
        clauses.condition_id,
        {{- clause_columns(declared_fields('profile') + declared_fields('trait'), 'profiles', 'clauses') }}
    from profiles
    cross join clauses

),

clauses_evaluated as (

    select
        lead_id,
        condition_id,
        {{- field_is_known() }} as is_known,
        {{- clause_holds() }} as holds
    from clause_inputs

),

conditions_evaluated as (

    select
        lead_id,
        condition_id,
        min(case when holds then 1 else 0 end) = 1 as is_matched,
        max(case when is_known and not holds then 1 else 0 end) = 0
        and min(case when is_known then 1 else 0 end) = 0 as is_open
    from clauses_evaluated
    group by
        lead_id,
        condition_id

)

select
    lead_id,
    condition_id,
    is_matched,
    is_open
from conditions_evaluated
where
    is_matched
    or is_open
