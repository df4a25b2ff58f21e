{%- set backfilled = var('backfill_from', none) -%}
{%- set last_recorded = var('backfill_to', none) or as_of_text() -%}
{%- set horizon = var('forecast_days') | int -%}
{%- set most_days = [horizon, var('history_fill_days') | int, days_between(backfilled, as_of_text()) + 1] | max -%}

with

recorded_dates as (

    {{ recorded_dates() }}

),

numbers as (

    {{ dbt.generate_series([most_days, 1] | max) }}

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
            {%- if backfilled %}
            when 1 = 1 then cast('{{ backfilled }}' as date)
            {%- endif %}
            when last_recorded_date > as_of_date then null
            when
                previous_run_date is null
                or {{ dbt.datediff('previous_run_date', 'as_of_date', 'day') }} > {{ var('history_fill_days') }}
                then as_of_date
            else cast({{ dbt.dateadd('day', 1, 'previous_run_date') }} as date)
        end as first_date
    from run

),

dates_recorded as (

    select
        cast({{ dbt.dateadd('day', '1 - cast(numbers.generated_number as ' ~ dbt.type_int() ~ ')', 'recorded_range.as_of_date') }}
            as date) as as_of_date,
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
        cast({{ dbt.dateadd('day', 'cast(numbers.generated_number as ' ~ dbt.type_int() ~ ')', 'run.as_of_date') }}
            as date) as as_of_date,
        0 as is_recorded,
        0 as is_scored,
        1 as is_forecast
    from run
    cross join numbers
    where numbers.generated_number <= {{ horizon }}

)

select
    as_of_date,
    max(is_recorded) = 1 as is_recorded,
    max(is_scored) = 1 as is_scored,
    max(is_forecast) = 1 as is_forecast,
    case when max(is_recorded) = 1 then {{ 'as_of_date' if backfilled else as_of_date() }} end as run_date
from dates_needed
group by as_of_date
