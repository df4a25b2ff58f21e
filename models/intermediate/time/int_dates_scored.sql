{%- set backfilled = var('backfill_from', none) -%}
{%- set last_recorded = var('backfill_to', none) or as_of_text() -%}
{%- set first_backfilled = "cast('" ~ backfilled ~ "' as date)" if backfilled else 'null' -%}
{%- set horizon = var('forecast_days') | int -%}
{%- set backfilled_days = days_between(backfilled, as_of_text()) + 1 -%}
{%- set most_days = [horizon, var('history_fill_days') | int, backfilled_days] | max -%}

with

recorded_dates as (

    {{ recorded_dates() }}

),

series as (

    {{ dbt.generate_series(most_days) }}

),

numbers as (

    select cast(generated_number as {{ dbt.type_int() }}) as day_number
    from series

),

run as (

    select
        {{ as_of_date() }} as as_of_date,
        max(score_date) as last_recorded_date,
        max(case when run_date < {{ as_of_date() }} then run_date end) as previous_run_date
    from recorded_dates

),

-- A run records the dates since the run before it; none if the history reaches further already.
recorded_range as (

    select
        as_of_date,
        case
            when {{ 'true' if backfilled else 'false' }} then {{ first_backfilled }}
            when last_recorded_date > as_of_date then null
            when previous_run_date is null then as_of_date
            when previous_run_date < {{ days_before(var('history_fill_days')) }} then as_of_date
            else cast({{ dbt.dateadd('day', 1, 'previous_run_date') }} as date)
        end as first_date
    from run

),

dates_recorded as (

    select
        cast(
            {{ dbt.dateadd('day', '1 - numbers.day_number', 'recorded_range.as_of_date') }} as date
        ) as as_of_date,
        recorded_range.first_date
    from recorded_range
    cross join numbers

),

-- A backfill goes through its dates in steps; events are matched once for the dates of all of them.
dates_needed as (

    select
        as_of_date,
        case when as_of_date <= cast('{{ last_recorded }}' as date) then 1 else 0 end as is_recorded,
        case when as_of_date <= cast('{{ last_recorded }}' as date) then 1 else 0 end as is_scored,
        0 as is_forecast
    from dates_recorded
    where as_of_date >= first_date

    {% for days in [0, 7, 30] %}
    union all

    select
        cast({{ dbt.dateadd('day', -days, 'as_of_date') }} as date) as as_of_date,
        0 as is_recorded,
        1 as is_scored,
        0 as is_forecast
    from run

    {% endfor %}
    union all

    select
        cast(
            {{ dbt.dateadd('day', 'numbers.day_number', 'run.as_of_date') }} as date
        ) as as_of_date,
        0 as is_recorded,
        0 as is_scored,
        1 as is_forecast
    from run
    cross join numbers
    where numbers.day_number <= {{ horizon }}

)

select
    as_of_date,
    max(is_recorded) = 1 as is_recorded,
    max(is_scored) = 1 as is_scored,
    max(is_forecast) = 1 as is_forecast,
    case when max(is_recorded) = 1 then {{ 'as_of_date' if backfilled else as_of_date() }} end as run_date
from dates_needed
group by as_of_date
