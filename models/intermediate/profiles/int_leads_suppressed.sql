with

suppressions as (

    select
        {{ seed_cell('suppression_id') }} as suppression_id,
        min({{ seed_cell('reason') }}) as reason
    from {{ ref('suppressions') }}
    group by {{ seed_cell('suppression_id') }}

),

condition_matches as (

    {{ conditions_on_dates(ref('int_lead_dates_scored'), ref('int_dated_conditions_matched')) }}

),

matches as (

    select
        condition_matches.lead_id,
        condition_matches.as_of_date,
        conditions.owner_id as suppression_id
    from condition_matches
    inner join {{ named(ref('int_conditions_keyed'), 'conditions') }}
        on condition_matches.condition_id = conditions.condition_id
    where
        condition_matches.is_matched
        and conditions.seed = 'suppressions'

),

-- A lead that several suppressions hold for is given the reason of the first.
deciding_matches as (

    select
        lead_id,
        as_of_date,
        min({{ bytewise('suppression_id') }}) as suppression_id
    from matches
    group by
        lead_id,
        as_of_date

)

select
    deciding_matches.lead_id,
    deciding_matches.as_of_date,
    deciding_matches.suppression_id,
    suppressions.reason as suppression_reason
from deciding_matches
inner join suppressions
    on deciding_matches.suppression_id = suppressions.suppression_id
