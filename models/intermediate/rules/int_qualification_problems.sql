{%- set text = dbt.type_string() -%}

with

thresholds as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('stage') }} as stage,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('enter_at') }} as enter_at,
        {{ seed_cell('exit_below') }} as exit_below,
        {{ seed_cell('exit_days') }} as exit_days,
        line_number
    from {{ ref('qualification_thresholds') }}

),

threshold_rows as (

    select
        *,
        scorecard || ', ' || coalesce(stage, '(blank)') || ', ' || coalesce(score, '(blank)') as item,
        {{ parse_number('exit_days') }} as exit_day_count
    from thresholds

),

sales_stages as (

    {% for stage in var('sales_stages') or [] -%}
    select {{ dbt.string_literal(dbt.escape_single_quotes(stage | trim)) }} as stage
    {{ 'union all' if not loop.last }}
    {% else -%}
    select stage
    from thresholds
    where 1 = 0
    {% endfor %}

),

problems as (

    select
        {{ rule_problem(
            "'qualification_thresholds.csv'", 'line_number', 'item', "'a stage other than suppressed'", 'stage',
            "'Name the stage; suppressed is what leads that match suppressions.csv are called.'",
            column='stage'
        ) }}
    from threshold_rows
    where coalesce(lower(stage), 'suppressed') = 'suppressed'

    union all

    select
        {{ rule_problem(
            "'qualification_thresholds.csv'", 'line_number', 'item', "'score fit, engagement or lead'", 'score',
            "'Correct the score.'",
            column='score'
        ) }}
    from threshold_rows
    where not {{ is_allowed('score', 'score') }}

    union all

    select
        {{ rule_problem(
            "'qualification_thresholds.csv'", 'line_number', 'item',
            "'numbers with 0 <= exit_below <= enter_at <= 100'",
            "coalesce(exit_below, '') || '|' || coalesce(enter_at, '')", "'Fill in or correct the numbers.'",
            column='enter_at'
        ) }}
    from threshold_rows
    where
        not coalesce(
            {{ parse_number('exit_below') }} >= 0
            and {{ parse_number('exit_below') }} <= {{ parse_number('enter_at') }}
            and {{ parse_number('enter_at') }} <= 100,
            false
        )

    union all

    select
        {{ rule_problem(
            "'qualification_thresholds.csv'", 'line_number', 'item', "'whole exit_days from 1 to 3650'",
            'exit_days', "'Give the days in a row below exit_below before the lead leaves.'",
            column='exit_days'
        ) }}
    from threshold_rows
    where
        not coalesce(
            exit_day_count between 1 and 3650
            and exit_day_count = floor(exit_day_count),
            false
        )

    union all

    select
        {{ rule_problem(
            "'qualification_thresholds.csv'", 'max(line_number)', 'min(' ~ bytewise('item') ~ ')',
            "'one row for each score of a stage (case does not count)'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Remove all rows but one.'"
        ) }}
    from threshold_rows
    group by
        scorecard,
        lower(stage),
        score
    having count(*) > 1

    union all

    select
        {{ rule_problem(
            "'var sales_stages'", 'cast(null as ' ~ dbt.type_int() ~ ')', 'sales_stages.stage',
            "'stages of qualification_thresholds.csv'", 'sales_stages.stage',
            "'Correct the name, or add rows of the stage.'"
        ) }}
    from sales_stages
    where
        not exists (
            select 1
            from thresholds
            where lower(sales_stages.stage) = lower(thresholds.stage)
        )

)

{{ shown_problems('problems') }}
