{%- set text = dbt.type_string() -%}
{%- set double = type_double() -%}

with

rules as (

    select
        rule_id,
        scorecard,
        score,
        category,
        earned_by,
        condition_id,
        decay_kind,
        points,
        daily_cap,
        max_points,
        min_events,
        max_events,
        within_days,
        decay_days,
        decay_delay_days
    from {{ ref('int_rules_unioned') }}

),

rule_lines as (

    {% for seed in ['fit_rules', 'behavior_rules', 'engagement_rules'] -%}
    select
        '{{ seed }}.csv' as file_name,
        {{ seed_cell('rule_id') }} as rule_id,
        {{ "max(lower(" ~ seed_cell('event_type') ~ "))" if seed == 'engagement_rules'
            else 'cast(null as ' ~ text ~ ')' }} as event_type,
        min(line_number) as line_number
    from {{ ref(seed) }}
    group by {{ seed_cell('rule_id') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

placed_rules as (

    select
        rules.*,
        rule_lines.file_name,
        rule_lines.event_type,
        rule_lines.line_number
    from rules
    inner join rule_lines
        on rules.rule_id = rule_lines.rule_id

),

engagement_types as (

    select count(*) as type_count
    from {{ ref('event_catalog') }}
    where {{ parse_boolean(seed_cell('is_engagement')) }}

),

category_caps as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('category') }} as category,
        {{ parse_number(seed_cell('min_points')) }} as min_points,
        {{ parse_number(seed_cell('max_points')) }} as max_points,
        line_number
    from {{ ref('category_caps') }}

),

scorecards as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ parse_number(seed_cell('fit_weight')) }} as fit_weight,
        {{ parse_number(seed_cell('engagement_weight')) }} as engagement_weight,
        {{ parse_number(seed_cell('fit_max_points')) }} as fit_max_points,
        {{ parse_number(seed_cell('engagement_max_points')) }} as engagement_max_points
    from {{ ref('scorecards') }}

),

score_maxima as (

    {% for score in allowed_values('point_score') -%}
    select
        scorecard,
        '{{ score }}' as score,
        {{ score }}_weight as weight,
        {{ score }}_max_points as max_points
    from scorecards
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- What a rule gives at most; an event rule without max_points has no limit.
rule_limits as (

    select
        scorecard,
        score,
        category,
        case
            when points <= 0 then 0
            when max_points is null then case when earned_by = 'event' then 1e15 else points end
            when earned_by = 'event' then max_points
            else least(points, max_points)
        end as most_points
    from rules

),

category_limits as (

    select
        rule_limits.scorecard,
        rule_limits.score,
        least(sum(rule_limits.most_points), coalesce(min(category_caps.max_points), 1e15)) as most_points
    from rule_limits
    left join category_caps
        on
            rule_limits.scorecard = category_caps.scorecard
            and rule_limits.score = category_caps.score
            and rule_limits.category = category_caps.category
    group by
        rule_limits.scorecard,
        rule_limits.score,
        rule_limits.category

),

score_points as (

    select
        scorecard,
        score,
        sum(most_points) as most_points
    from category_limits
    group by
        scorecard,
        score

),

score_parts as (

    select
        score_maxima.scorecard,
        score_maxima.score,
        score_maxima.weight,
        100 * least(coalesce(score_points.most_points, 0), score_maxima.max_points) / score_maxima.max_points
            as most_score
    from score_maxima
    left join score_points
        on
            score_maxima.scorecard = score_points.scorecard
            and score_maxima.score = score_points.score

),

-- The greatest score that the limits leave, if all rules that give points held at once.
score_limits as (

    select
        scorecard,
        score,
        most_score
    from score_parts

    union all

    select
        scorecard,
        'lead' as score,
        sum(weight * most_score) / sum(weight) as most_score
    from score_parts
    group by scorecard

),

shown_limits as (

    select
        scorecard,
        score,
        most_score + 0.005 as reachable_score,
        {{ shown_number('most_score') }} as shown_score
    from score_limits

),

score_bands as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('band') }} as band,
        {{ parse_number(seed_cell('min_score')) }} as min_score,
        line_number
    from {{ ref('score_bands') }}

),

thresholds as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('stage') }} as stage,
        lower({{ seed_cell('score') }}) as score,
        {{ parse_number(seed_cell('enter_at')) }} as enter_at,
        {{ parse_number(seed_cell('exit_below')) }} as exit_below,
        line_number
    from {{ ref('qualification_thresholds') }}

),

lead_stages as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('fit_band') }} as fit_band,
        {{ seed_cell('engagement_band') }} as engagement_band,
        line_number
    from {{ ref('lead_stages') }}

),

staged_scorecards as (

    select
        scorecard,
        max(line_number) as line_number
    from lead_stages
    group by scorecard

),

banded_scorecards as (

    select
        scorecard,
        min(line_number) as line_number
    from score_bands
    group by scorecard

),

scores as (

    {% for score in allowed_values('score') -%}
    select '{{ score }}' as score
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

band_steps as (

    select
        scorecard,
        score,
        line_number,
        min_score - lag(min_score) over (partition by scorecard, score order by line_number) as step
    from score_bands

),

warnings as (

    -- Rules.

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'points other than 0'", "'0'",
            "'It gives nothing: give it points, or take it out.'",
            column='points'
        ) }}
    from placed_rules
    where
        points = 0
        or max_points = 0

    union all

    select
        {{ rule_problem(
            'placed_rules.file_name', 'placed_rules.line_number', 'placed_rules.rule_id',
            "'a condition that no other rule of the scorecard has'", 'other_rules.rule_id',
            "'A lead gets the points of both: keep one of them.'"
        ) }}
    from placed_rules
    inner join placed_rules as other_rules
        on
            placed_rules.scorecard = other_rules.scorecard
            and placed_rules.condition_id = other_rules.condition_id
            and placed_rules.earned_by = other_rules.earned_by
            and placed_rules.decay_kind = other_rules.decay_kind
            and coalesce(placed_rules.decay_days, -1) = coalesce(other_rules.decay_days, -1)
            and coalesce(placed_rules.within_days, -1) = coalesce(other_rules.within_days, -1)
            and coalesce(placed_rules.min_events, -1) = coalesce(other_rules.min_events, -1)
            and coalesce(placed_rules.max_events, -1) = coalesce(other_rules.max_events, -1)
            and placed_rules.line_number > other_rules.line_number

    union all

    select
        {{ rule_problem(
            'placed_rules.file_name', 'placed_rules.line_number', 'placed_rules.rule_id',
            "'ids that differ by more than case'", 'other_rules.rule_id', "'Rename one of the rules.'",
            column='rule_id'
        ) }}
    from placed_rules
    inner join placed_rules as other_rules
        on
            lower(placed_rules.rule_id) = lower(other_rules.rule_id)
            and placed_rules.rule_id > other_rules.rule_id

    union all

    select
        {{ rule_problem(
            'placed_rules.file_name', 'min(placed_rules.line_number)', 'min(placed_rules.rule_id)',
            "'categories that differ by more than case'",
            "placed_rules.category || ' and ' || other_rules.category",
            "'Write them alike: they are limited one by one.'",
            column='category'
        ) }}
    from placed_rules
    inner join placed_rules as other_rules
        on
            placed_rules.scorecard = other_rules.scorecard
            and lower(placed_rules.category) = lower(other_rules.category)
            and placed_rules.category > other_rules.category
    group by
        placed_rules.file_name,
        placed_rules.scorecard,
        placed_rules.category,
        other_rules.category

    union all

    select
        {{ rule_problem(
            'placed_rules.file_name', 'placed_rules.line_number', 'placed_rules.rule_id',
            "'events that count as engagement'", "'none in event_catalog.csv'",
            "'It finds no event: mark those in the catalogue that count, or name a type.'",
            column='event_type'
        ) }}
    from placed_rules
    cross join engagement_types
    where
        placed_rules.event_type = '*'
        and engagement_types.type_count = 0

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id',
            "'min_events that daily_cap lets a window of within_days reach'",
            shown_number("min_events"),
            "'It never fires: lower min_events, or raise daily_cap or within_days.'",
            column='min_events'
        ) }}
    from placed_rules
    where min_events > daily_cap * ceil(within_days)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'bounds that some leads do not meet'",
            shown_number("min_events") ~ " || ' events or more'",
            "'It always fires: set min_events to 1 or more, or set max_events.'",
            column='min_events'
        ) }}
    from placed_rules
    where
        min_events = 0
        and max_events is null

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'max_points that the first event does not exceed'",
            shown_number("max_points") ~ " || ' for ' || " ~ shown_number("points") ~ " || ' points'",
            "'Raise max_points, or lower the points: further events change nothing.'",
            column='max_points'
        ) }}
    from placed_rules
    where
        max_points > 0
        and (
            abs(points) > max_points
            or (abs(points) = max_points and earned_by = 'event' and daily_cap > 1)
        )

    union all

    select
        {{ rule_problem(
            'placed_rules.file_name', 'placed_rules.line_number', 'placed_rules.rule_id',
            "'points within the cap of the category ' || placed_rules.category",
            shown_number("placed_rules.points"),
            "'One match alone exceeds the cap in category_caps.csv: raise that, or lower the points.'",
            column='points'
        ) }}
    from placed_rules
    inner join category_caps
        on
            placed_rules.scorecard = category_caps.scorecard
            and placed_rules.score = category_caps.score
            and placed_rules.category = category_caps.category
    where
        placed_rules.points > category_caps.max_points
        or placed_rules.points < category_caps.min_points

    union all

    select
        {{ rule_problem(
            'placed_rules.file_name', 'placed_rules.line_number', 'placed_rules.rule_id',
            "'points within those that make a score of 100'",
            shown_number("placed_rules.points"),
            "'One match alone makes the score 100: lower the points, or raise ' || placed_rules.score || '_max_points.'",
            column='points'
        ) }}
    from placed_rules
    inner join score_maxima
        on
            placed_rules.scorecard = score_maxima.scorecard
            and placed_rules.score = score_maxima.score
    where
        placed_rules.points > score_maxima.max_points
        and score_maxima.weight > 0

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'a decay that shows within ' || " ~ shown_number("within_days") ~ " || ' days'",
            "decay_kind || ' over ' || " ~ shown_number("decay_days") ~ " || ' days, after ' || " ~ shown_number("decay_delay_days"),
            "'Events older than within_days do not count: take a faster decay, or none.'",
            column='decay'
        ) }}
    from placed_rules
    where
        decay_kind <> 'none'
        and (
            decay_days + decay_delay_days > within_days
            or (
                decay_kind in ('stepped', 'compounding', 'window')
                and decay_days + decay_delay_days = within_days
            )
        )

    union all

    -- Limits, bands and stages.

    select
        {{ rule_problem(
            "'category_caps.csv'", 'category_caps.line_number', "category_caps.scorecard || ', ' || category_caps.category",
            "'a category of the ' || category_caps.score || ' rules of the scorecard'", 'category_caps.category',
            "'It limits nothing: correct the name, or take it out.'",
            column='category'
        ) }}
    from category_caps
    where
        not exists (
            select 1
            from rules
            where
                category_caps.scorecard = rules.scorecard
                and category_caps.score = rules.score
                and category_caps.category = rules.category
        )

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'score_bands.line_number',
            "score_bands.scorecard || ', ' || score_bands.score || ' ' || score_bands.band",
            "'min_score that a lead can reach, at most ' || shown_limits.shown_score",
            shown_number("score_bands.min_score"),
            "'No lead gets into the band, even if all rules hold at once: lower min_score, or raise points or limits.'",
            column='min_score'
        ) }}
    from score_bands
    inner join shown_limits
        on
            score_bands.scorecard = shown_limits.scorecard
            and score_bands.score = shown_limits.score
    where score_bands.min_score > shown_limits.reachable_score

    union all

    select
        {{ rule_problem(
            "'qualification_thresholds.csv'", 'thresholds.line_number',
            "thresholds.scorecard || ', ' || thresholds.stage || ', ' || thresholds.score",
            "'enter_at that a lead can reach, at most ' || shown_limits.shown_score",
            shown_number("thresholds.enter_at"),
            "'No lead enters the stage, even if all rules hold at once: lower enter_at, or raise points or limits.'",
            column='enter_at'
        ) }}
    from thresholds
    inner join shown_limits
        on
            thresholds.scorecard = shown_limits.scorecard
            and thresholds.score = shown_limits.score
    where thresholds.enter_at > shown_limits.reachable_score

    union all

    select
        {{ rule_problem(
            "'qualification_thresholds.csv'", 'line_number', "scorecard || ', ' || stage || ', ' || score",
            "'exit_below above 0'", "'0'", "'No score is below 0, so no lead leaves the stage by it: raise exit_below.'",
            column='exit_below'
        ) }}
    from thresholds
    where
        exit_below = 0
        and enter_at > 0

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'banded_scorecards.line_number', "banded_scorecards.scorecard || ', ' || scores.score",
            "'bands for each of the scores fit, engagement and lead'", "'none'",
            "'Add them: without a band there is no label and no stage.'",
            column='score'
        ) }}
    from banded_scorecards
    cross join scores
    where
        not exists (
            select 1
            from score_bands
            where
                banded_scorecards.scorecard = score_bands.scorecard
                and scores.score = score_bands.score
        )

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'max(line_number)', "scorecard || ', ' || score",
            "'bands in the order of their min_score'", "'another order'",
            "'Sort them, so that a reader sees what comes next; or correct min_score.'",
            column='min_score'
        ) }}
    from band_steps
    group by
        scorecard,
        score
    having
        min(step) < 0
        and max(step) > 0

    union all

    select
        {{ rule_problem(
            "'lead_stages.csv'", 'staged_scorecards.line_number',
            "staged_scorecards.scorecard || ', ' || fit_bands.band || engagement_bands.band",
            "'a stage for each pair of bands'", 'cast(null as ' ~ text ~ ')',
            "'Add a row: such leads have no stage and no next action.'"
        ) }}
    from staged_scorecards
    inner join score_bands as fit_bands
        on
            staged_scorecards.scorecard = fit_bands.scorecard
            and fit_bands.score = 'fit'
    inner join score_bands as engagement_bands
        on
            staged_scorecards.scorecard = engagement_bands.scorecard
            and engagement_bands.score = 'engagement'
    where
        not exists (
            select 1
            from lead_stages
            where
                fit_bands.scorecard = lead_stages.scorecard
                and fit_bands.band = lead_stages.fit_band
                and engagement_bands.band = lead_stages.engagement_band
        )

)

{{ shown_problems('warnings') }}
