-- depends_on: {{ ref('int_rule_problems') }}

with

clauses as (

    select
        seed,
        subject,
        scorecard,
        owner_id,
        event_type,
        field,
        field || chr(31) || operator || chr(31) || coalesce(text_operand, '') as clause_text
    from {{ ref('int_clauses_parsed') }}

),

distinct_clauses as (

    select distinct
        seed,
        subject,
        scorecard,
        owner_id,
        event_type,
        clause_text
    from clauses

),

owners as (

    select
        seed,
        subject,
        scorecard,
        owner_id,
        event_type,
        count(clause_text) as clause_count,
        coalesce({{ joined_text('clause_text', 'chr(30)') }}, '') as condition_text
    from distinct_clauses
    group by
        seed,
        subject,
        scorecard,
        owner_id,
        event_type

)

select
    {{ text_fingerprint("subject || chr(30) || coalesce(event_type, '') || chr(30) || condition_text") }}
        as condition_id,
    seed,
    subject,
    scorecard,
    owner_id,
    event_type,
    clause_count
from owners
