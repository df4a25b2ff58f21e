{%- set points = type_points() -%}
{%- set text = dbt.type_string() -%}

with

rule_points as (

    select
        lead_id,
        scorecard,
        score,
        category,
        rule_id,
        match_count,
        points_before_decay,
        points,
        capped_points,
        reason,
        last_matched_on
    from {{ ref('int_rule_points_weighed') }}
    where as_of_date = {{ as_of_date() }}

),

category_points as (

    select
        lead_id,
        scorecard,
        score,
        category,
        points,
        capped_points
    from {{ ref('int_category_points_capped') }}
    where as_of_date = {{ as_of_date() }}

),

scores as (

    select
        lead_id,
        scorecard,
        uncapped_fit_points,
        uncapped_engagement_points,
        fit_points,
        engagement_points
    from {{ ref('int_scores_normalised') }}
    where as_of_date = {{ as_of_date() }}

),

-- What each clamp takes away or adds, so that all rows of a score sum to its points.
clamps as (

    select
        lead_id,
        scorecard,
        score,
        category,
        'cap:rule:' || rule_id as rule_id,
        capped_points - points as points,
        'Limit of the rule: ' || reason as reason
    from rule_points

    union all

    select
        lead_id,
        scorecard,
        score,
        category,
        'cap:category:' || category as rule_id,
        capped_points - points as points,
        'Limit of the category ' || category as reason
    from category_points

    union all

    select
        lead_id,
        scorecard,
        'fit' as score,
        cast(null as {{ text }}) as category,
        'cap:score' as rule_id,
        fit_points - uncapped_fit_points as points,
        'A score lies between 0 and its maximum' as reason
    from scores

    union all

    select
        lead_id,
        scorecard,
        'engagement' as score,
        cast(null as {{ text }}) as category,
        'cap:score' as rule_id,
        engagement_points - uncapped_engagement_points as points,
        'A score lies between 0 and its maximum' as reason
    from scores

),

contributions as (

    select
        lead_id,
        scorecard,
        score,
        category,
        rule_id,
        reason,
        match_count,
        points_before_decay,
        points,
        last_matched_on,
        false as is_cap
    from rule_points

    union all

    select
        lead_id,
        scorecard,
        score,
        category,
        rule_id,
        reason,
        cast(null as {{ type_double() }}) as match_count,
        cast(null as {{ points }}) as points_before_decay,
        points,
        cast(null as date) as last_matched_on,
        true as is_cap
    from clamps
    where points <> 0

)

select
    lead_id,
    scorecard,
    score,
    category,
    rule_id,
    reason,
    match_count,
    points_before_decay,
    cast(points as {{ points }}) as points,
    is_cap,
    last_matched_on,
    {{ as_of_date() }} as as_of_date
from contributions
