{% macro assign_scorecards(lead_dates, dated_conditions) %}
with

lead_dates as (

    select
        lead_id,
        as_of_date
    from {{ lead_dates }}

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

    {{ conditions_on_dates(lead_dates, dated_conditions) }}

)

-- A scorecard without an audience is for everyone.
select
    lead_dates.lead_id,
    lead_dates.as_of_date,
    scorecards.scorecard
from lead_dates
cross join scorecards
left join audiences
    on scorecards.scorecard = audiences.scorecard
left join matches
    on
        lead_dates.lead_id = matches.lead_id
        and lead_dates.as_of_date = matches.as_of_date
        and audiences.condition_id = matches.condition_id
        and matches.is_matched
where
    audiences.condition_id is null
    or matches.condition_id is not null
{%- endmacro %}
