{{ config(pre_hook="{{ remember_patterns('profile') }}") }}

with

profiles as (

    select * from {{ ref('int_profiles_joined') }}

),

clauses as (

    select * from {{ ref('int_condition_clauses') }}
    where
        subject = 'profile'
        and not is_dated

),

clause_inputs as (

    select
        profiles.lead_id,
        clauses.condition_id,
        {{ as_of_date() }} as as_of_date,
        {{- clause_columns(declared_fields('profile'), 'profiles', 'clauses') }}
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
        {{- condition_outcome() }}
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
