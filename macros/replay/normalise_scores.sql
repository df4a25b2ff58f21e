{% macro normalise_scores(lead_scorecards, category_points) %}
    {%- set points = type_points() %}
with

lead_scorecards as (

    select
        lead_id,
        as_of_date,
        scorecard
    from {{ lead_scorecards }}

),

scorecards as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ parse_number(seed_cell('fit_weight')) }} as fit_weight,
        {{ parse_number(seed_cell('engagement_weight')) }} as engagement_weight,
        cast({{ parse_number(seed_cell('fit_max_points')) }} as {{ points }}) as fit_max_points,
        cast({{ parse_number(seed_cell('engagement_max_points')) }} as {{ points }}) as engagement_max_points
    from {{ ref('scorecards') }}

),

category_points as (

    select
        lead_id,
        as_of_date,
        scorecard,
        score,
        capped_points_before_decay,
        capped_points
    from {{ category_points }}

),

totals as (

    select
        lead_id,
        as_of_date,
        scorecard,
        sum(case when score = 'fit' then capped_points end) as fit_points,
        sum(case when score = 'engagement' then capped_points end) as engagement_points,
        sum(case when score = 'engagement' then capped_points_before_decay end)
            as engagement_points_before_decay
    from category_points
    group by
        lead_id,
        as_of_date,
        scorecard

),

-- Leads that no rule matched have 0 points.
uncapped as (

    select
        lead_scorecards.lead_id,
        lead_scorecards.as_of_date,
        lead_scorecards.scorecard,
        scorecards.fit_weight,
        scorecards.engagement_weight,
        scorecards.fit_max_points,
        scorecards.engagement_max_points,
        cast(coalesce(totals.fit_points, 0) as {{ points }}) as fit_points,
        cast(coalesce(totals.engagement_points, 0) as {{ points }}) as engagement_points,
        cast(coalesce(totals.engagement_points_before_decay, 0) as {{ points }})
            as engagement_points_before_decay
    from lead_scorecards
    inner join scorecards
        on lead_scorecards.scorecard = scorecards.scorecard
    left join totals
        on
            lead_scorecards.lead_id = totals.lead_id
            and lead_scorecards.as_of_date = totals.as_of_date
            and lead_scorecards.scorecard = totals.scorecard

),

capped as (

    select
        lead_id,
        as_of_date,
        scorecard,
        fit_weight,
        engagement_weight,
        fit_max_points,
        engagement_max_points,
        fit_points as uncapped_fit_points,
        engagement_points as uncapped_engagement_points,
        {{ clamped('fit_points', '0', 'fit_max_points') }} as fit_points,
        {{ clamped('engagement_points', '0', 'engagement_max_points') }} as engagement_points,
        {{ clamped('engagement_points_before_decay', '0', 'engagement_max_points') }}
            as engagement_points_before_decay
    from uncapped

),

exact as (

    select
        *,
        {{ normalised_score('fit_points', 'fit_max_points') }} as fit_score,
        {{ normalised_score('engagement_points', 'engagement_max_points') }} as engagement_score,
        {{ normalised_score('engagement_points_before_decay', 'engagement_max_points') }}
            as engagement_score_undecayed
    from capped

)

select
    lead_id,
    as_of_date,
    scorecard,
    uncapped_fit_points,
    uncapped_engagement_points,
    cast(fit_points as {{ points }}) as fit_points,
    cast(engagement_points as {{ points }}) as engagement_points,
    {{ rounded_score('fit_score') }} as fit_score,
    {{ rounded_score('engagement_score') }} as engagement_score,
    {{ rounded_score('engagement_score_undecayed') }} as engagement_score_undecayed,
    {{ rounded_score(combined_score('fit_score', 'engagement_score', 'fit_weight', 'engagement_weight')) }} as lead_score
from exact
{%- endmacro %}
