with

thresholds as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('stage') }} as stage,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('exit_below') }} as exit_below_text,
        {{ seed_cell('exit_days') }} as exit_days_text,
        cast({{ parse_number(seed_cell('enter_at')) }} as {{ type_exact_score() }}) as enter_at,
        cast({{ parse_number(seed_cell('exit_below')) }} as {{ type_exact_score() }}) as exit_below,
        {{ parse_number(seed_cell('exit_days')) }} as exit_days,
        line_number
    from {{ ref('qualification_thresholds') }}

),

-- A stage stands where its first row stands in the file.
stages as (

    select
        scorecard,
        stage,
        row_number() over (partition by scorecard order by min(line_number)) as stage_place,
        row_number() over (partition by scorecard order by min(line_number) desc) = 1 as is_last
    from thresholds
    group by
        scorecard,
        stage

)

select
    thresholds.scorecard,
    thresholds.stage,
    thresholds.score,
    thresholds.exit_below_text,
    thresholds.exit_days_text,
    stages.stage_place,
    thresholds.enter_at,
    thresholds.exit_below,
    thresholds.exit_days,
    {%- set sales_stages = var('sales_stages', none) %}
    {%- if sales_stages is none %}
    stages.is_last as is_sales_stage
    {%- else %}
    {{ is_one_of('thresholds.stage', sales_stages) }} as is_sales_stage
    {%- endif %}
from thresholds
inner join stages
    on
        thresholds.scorecard = stages.scorecard
        and thresholds.stage = stages.stage
