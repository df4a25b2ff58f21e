-- Each lead has one row for each scorecard whose audience it is in, and no other.

with

expected as (

    select
        lead_id,
        scorecard,
        1 as expected_rows,
        0 as found_rows
    from {{ ref('int_lead_scorecards_assigned') }}
    where as_of_date = {{ as_of_date() }}

),

found as (

    select
        lead_id,
        scorecard,
        0 as expected_rows,
        1 as found_rows
    from {{ ref('lead_scores') }}

),

all_rows as (

    select * from expected

    union all

    select * from found

)

select
    lead_id,
    scorecard
from all_rows
group by
    lead_id,
    scorecard
having
    sum(expected_rows) <> 1
    or sum(found_rows) <> 1
