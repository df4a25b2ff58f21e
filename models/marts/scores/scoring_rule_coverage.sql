with

rules as (

    select
        rule_id,
        scorecard,
        score,
        category,
        reason,
        points
    from {{ ref('int_rules_unioned') }}

),

hits as (

    select
        rule_id,
        count(*) as leads_hit,
        sum(points) as points_given,
        max(last_matched_on) as last_matched_on
    from {{ ref('int_rule_points_weighed') }}
    where as_of_date = {{ as_of_date() }}
    group by rule_id

)

select
    rules.rule_id,
    rules.scorecard,
    rules.score,
    rules.category,
    rules.reason,
    rules.points as points_per_match,
    coalesce(hits.leads_hit, 0) as leads_hit,
    cast(coalesce(hits.points_given, 0) as {{ type_points() }}) as points_given,
    hits.rule_id is null as has_never_fired,
    hits.last_matched_on,
    {{ as_of_date() }} as as_of_date
from rules
left join hits
    on rules.rule_id = hits.rule_id
