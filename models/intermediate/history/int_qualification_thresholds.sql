with

thresholds as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('stage') }} as stage,
        lower({{ seed_cell('stage') }}) as stage_key,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('exit_below') }} as exit_below_text,
        {{ seed_cell('exit_days') }} as exit_days_text,
        cast({{ parse_number(seed_cell('enter_at')) }} as {{ type_exact_score() }}) as enter_at,
        cast({{ parse_number(seed_cell('exit_below')) }} as {{ type_exact_score() }}) as exit_below,
        {{ parse_number(seed_cell('exit_days')) }} as exit_days,
        line_number
    from {{ ref('qualification_thresholds') }}

),

-- A stage stands where its first row stands in the file, and is called what it is called there.
stages as (

    select
        scorecard,
        stage_key,
        min(line_number) as first_line,
        row_number() over (partition by scorecard order by min(line_number)) as stage_place,
        row_number() over (partition by scorecard order by min(line_number) desc) = 1 as is_last
    from thresholds
    group by
        scorecard,
        stage_key

),

stage_names as (

    select
        stages.scorecard,
        stages.stage_key,
        stages.stage_place,
        stages.is_last,
        max(thresholds.stage) as stage
    from stages
    inner join thresholds
        on
            stages.scorecard = thresholds.scorecard
            and stages.stage_key = thresholds.stage_key
            and coalesce(stages.first_line, 0) = coalesce(thresholds.line_number, 0)
    group by
        stages.scorecard,
        stages.stage_key,
        stages.stage_place,
        stages.is_last

)

select
    thresholds.scorecard,
    stage_names.stage_key,
    stage_names.stage,
    thresholds.score,
    thresholds.exit_below_text,
    thresholds.exit_days_text,
    stage_names.stage_place,
    thresholds.enter_at,
    thresholds.exit_below,
    thresholds.exit_days,
    {%- set sales_stages = var('sales_stages', none) %}
    {%- if sales_stages is none %}
    stage_names.is_last as is_sales_stage
    {%- else %}
    {{ is_one_of('stage_names.stage_key', sales_stages) }} as is_sales_stage
    {%- endif %}
from thresholds
inner join stage_names
    on
        thresholds.scorecard = stage_names.scorecard
        and thresholds.stage_key = stage_names.stage_key
