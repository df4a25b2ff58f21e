with

suppressions as (

    select
        {{ seed_cell('suppression_id') }} as suppression_id,
        min({{ seed_cell('reason') }}) as reason
    from {{ ref('suppressions') }}
    group by {{ seed_cell('suppression_id') }}

),

matches as (

    select
        matched.lead_id,
        conditions.owner_id as suppression_id
    from {{ ref('int_profile_conditions_matched') }} as matched
    inner join {{ ref('int_conditions_keyed') }} as conditions
        on matched.condition_id = conditions.condition_id
    where
        matched.is_matched
        and conditions.seed = 'suppressions'

),

ranked_matches as (

    select
        lead_id,
        suppression_id,
        row_number() over (partition by lead_id order by {{ bytewise('suppression_id') }}) as match_rank
    from matches

)

select
    ranked_matches.lead_id,
    ranked_matches.suppression_id,
    suppressions.reason as suppression_reason
from ranked_matches
inner join suppressions
    on ranked_matches.suppression_id = suppressions.suppression_id
where ranked_matches.match_rank = 1
