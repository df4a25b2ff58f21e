with

conditions as (

    select
        condition_id,
        seed,
        scorecard,
        owner_id,
        clause_count
    from {{ ref('int_conditions_keyed') }}

),

clauses as (

    select * from {{ ref('int_clauses_parsed') }}

),

condition_clauses as (

    select distinct
        conditions.condition_id,
        clauses.subject,
        clauses.event_type,
        clauses.field,
        clauses.field_type,
        clauses.operator,
        clauses.text_operand,
        clauses.list_operand,
        clauses.number_operand,
        clauses.number_operand_high,
        clauses.date_operand,
        clauses.date_operand_high,
        conditions.clause_count
    from conditions
    inner join clauses
        on
            conditions.seed = clauses.seed
            and conditions.owner_id = clauses.owner_id
            and coalesce(conditions.scorecard, '') = coalesce(clauses.scorecard, '')
    where
        clauses.field is not null
        or conditions.clause_count = 0

)

select
    *,
    -- Ages and traits change with the date; everything else is the same on every date.
    max(case
        when operator in ('within_days', 'older_than_days') then 1
        when
            subject = 'profile'
            and field in (
                '{{ trait_types() | join("',
                '") }}'
            )
            then 1
        else 0
    end) over (partition by condition_id) = 1 as is_dated
from condition_clauses
