{%- set text = dbt.type_string() -%}

with

scorecards as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('fit_weight') }} as fit_weight,
        {{ seed_cell('engagement_weight') }} as engagement_weight,
        {{ seed_cell('fit_max_points') }} as fit_max_points,
        {{ seed_cell('engagement_max_points') }} as engagement_max_points,
        line_number
    from {{ ref('scorecards') }}

),

scorecard_references as (

    {% for seed in [
        'scorecard_audiences', 'fit_rules', 'behavior_rules', 'engagement_rules', 'category_caps',
        'score_bands', 'lead_stages', 'qualification_thresholds', 'account_rollups',
    ] -%}
    select
        '{{ seed }}.csv' as file_name,
        {{ seed_cell('scorecard') }} as scorecard,
        min(line_number) as line_number
    from {{ ref(seed) }}
    group by {{ seed_cell('scorecard') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

category_caps as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('category') }} as category,
        {{ seed_cell('min_points') }} as min_points,
        {{ seed_cell('max_points') }} as max_points,
        line_number
    from {{ ref('category_caps') }}

),

score_bands as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('band') }} as band,
        {{ seed_cell('min_score') }} as min_score,
        line_number
    from {{ ref('score_bands') }}

),

lead_stages as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('fit_band') }} as fit_band,
        {{ seed_cell('engagement_band') }} as engagement_band,
        {{ seed_cell('stage') }} as stage,
        line_number
    from {{ ref('lead_stages') }}

),

problems as (

    select
        {{ rule_problem(
            'file_name', 'line_number', 'scorecard',
            "'a scorecard of scorecards.csv'", 'scorecard', "'Correct the name, or add the scorecard.'",
            column='scorecard'
        ) }}
    from scorecard_references
    where
        not exists (
            select 1
            from scorecards
            where scorecard_references.scorecard = scorecards.scorecard
        )

    union all

    select
        {{ rule_problem(
            "'scorecards.csv'", 'max(line_number)', 'scorecard',
            "'each scorecard once, with a name'", "cast(count(*) as " ~ text ~ ") || ' rows'", "'Name it, or remove all rows but one.'",
            column='scorecard'
        ) }}
    from scorecards
    group by scorecard
    having count(*) > 1 or scorecard is null

    union all

    select
        {{ rule_problem(
            "'scorecards.csv'", 'line_number', 'scorecard',
            "'weights of at least 0 that are not both 0'",
            "coalesce(fit_weight, '') || '|' || coalesce(engagement_weight, '')", "'Correct the weights.'"
        ) }}
    from scorecards
    where
        not coalesce(
            {{ parse_number('fit_weight') }} between 0 and 1000000000
            and {{ parse_number('engagement_weight') }} between 0 and 1000000000
            and {{ parse_number('fit_weight') }} + {{ parse_number('engagement_weight') }} >= 0.000001,
            false
        )

    union all

    select
        {{ rule_problem(
            "'scorecards.csv'", 'line_number', 'scorecard',
            "'fit_max_points and engagement_max_points above 0'",
            "coalesce(fit_max_points, '') || '|' || coalesce(engagement_max_points, '')",
            "'Give the points that make a score of 100.'"
        ) }}
    from scorecards
    where
        not coalesce(
            {{ parse_number('fit_max_points') }} >= 0.000001
            and {{ parse_number('fit_max_points') }} <= 1000000000
            and {{ parse_number('engagement_max_points') }} >= 0.000001
            and {{ parse_number('engagement_max_points') }} <= 1000000000,
            false
        )

    union all

    select
        {{ rule_problem(
            "'category_caps.csv'", 'line_number', "scorecard || ', ' || coalesce(category, '(blank)')",
            "'score fit or engagement'", 'score', "'Correct the score: caps limit what rules give.'",
            column='score'
        ) }}
    from category_caps
    where not {{ is_allowed('score', 'point_score') }}

    union all

    select
        {{ rule_problem(
            "'category_caps.csv'", 'line_number', "scorecard || ', (blank)'", "'a category'", 'category',
            "'Name the category of the rules that it limits.'",
            column='category'
        ) }}
    from category_caps
    where category is null

    union all

    select
        {{ rule_problem(
            "'category_caps.csv'", 'line_number', "scorecard || ', ' || coalesce(category, '(blank)')",
            "'min_points <= 0 <= max_points'",
            "coalesce(min_points, '') || '|' || coalesce(max_points, '')",
            "'Correct the numbers; blank is unbounded.'"
        ) }}
    from category_caps
    where
        not coalesce(
            {{ parse_number("coalesce(min_points, '0')") }} = 0
            or {{ parse_number("coalesce(min_points, '0')") }} between -1e15 and -0.000001,
            false
        )
        or not coalesce(
            {{ parse_number("coalesce(max_points, '0')") }} = 0
            or {{ parse_number("coalesce(max_points, '0')") }} between 0.000001 and 1e15,
            false
        )

    union all

    select
        {{ rule_problem(
            "'category_caps.csv'", 'max(line_number)', "scorecard || ', ' || category",
            "'one row for each category'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Remove all rows but one.'"
        ) }}
    from category_caps
    group by
        scorecard,
        score,
        category
    having count(*) > 1

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'line_number', "scorecard || ', ' || coalesce(band, '(blank)')",
            "'score fit, engagement or lead'", 'score', "'Correct the score.'",
            column='score'
        ) }}
    from score_bands
    where not {{ is_allowed('score', 'score') }}

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'line_number', "scorecard || ', (blank)'", "'the name of a band'", 'band',
            "'Name it, such as A or 1.'",
            column='band'
        ) }}
    from score_bands
    where band is null

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'line_number', "scorecard || ', ' || coalesce(band, '(blank)')",
            "'min_score from 0 to 100'", 'min_score', "'Give the lowest score of the band.'",
            column='min_score'
        ) }}
    from score_bands
    where not coalesce({{ parse_number('min_score') }} between 0 and 100, false)

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'max(line_number)', "scorecard || ', ' || score",
            "'bands with different names and min_scores'", "'the name ' || band || ' twice'",
            "'Remove or correct the row.'"
        ) }}
    from score_bands
    where band is not null
    group by
        scorecard,
        score,
        band
    having count(*) > 1

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'max(line_number)', "scorecard || ', ' || score",
            "'bands with different names and min_scores'", "'the start ' || max(min_score) || ' twice'",
            "'Remove or correct the row.'"
        ) }}
    from score_bands
    where {{ parse_number('min_score') }} is not null
    group by
        scorecard,
        score,
        {{ parse_number('min_score') }}
    having count(*) > 1

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", 'min(line_number)', "scorecard || ', ' || score",
            "'a band that starts at 0'", "min(min_score)", "'Add one, so that every score has a band.'",
            column='min_score'
        ) }}
    from score_bands
    group by
        scorecard,
        score
    having coalesce(min({{ parse_number('min_score') }}), 1) > 0

    union all

    select
        {{ rule_problem(
            "'lead_stages.csv'", 'line_number', "scorecard || ', (blank)'", "'a stage'", 'stage', "'Name it.'",
            column='stage'
        ) }}
    from lead_stages
    where stage is null

    {% for score in ['fit', 'engagement'] %}
    union all

    select
        {{ rule_problem(
            "'lead_stages.csv'", 'line_number', "scorecard || ', ' || coalesce(stage, '(blank)')",
            "'one of the " ~ score ~ " bands of score_bands.csv'", score ~ '_band',
            "'Correct the name, or add the band: no lead reaches this row.'",
            column=score ~ '_band'
        ) }}
    from lead_stages
    where
        scorecard in (select scorecards.scorecard from scorecards)
        and not exists (
            select 1
            from score_bands
            where
                lead_stages.scorecard = score_bands.scorecard
                and lead_stages.{{ score }}_band = score_bands.band
                and score_bands.score = '{{ score }}'
        )

    {% endfor %}
    union all

    select
        {{ rule_problem(
            "'lead_stages.csv'", 'max(line_number)', "scorecard || ', ' || fit_band || engagement_band",
            "'one stage for each pair of bands'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Remove all rows but one.'"
        ) }}
    from lead_stages
    group by
        scorecard,
        fit_band,
        engagement_band
    having count(*) > 1

)

{{ shown_problems('problems') }}
