-- Each rule of the rule files stands in scoring_rule_coverage, and each that gave points fired.

with

rules as (

    {% for seed in ['fit_rules', 'behavior_rules', 'engagement_rules'] -%}
    select distinct {{ seed_cell('rule_id') }} as rule_id
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

contributing_rules as (

    select distinct rule_id
    from {{ ref('lead_score_contributions') }}
    where not is_cap

)

select
    rules.rule_id,
    coverage.has_never_fired
from rules
left join {{ named(ref('scoring_rule_coverage'), 'coverage') }}
    on rules.rule_id = coverage.rule_id
left join contributing_rules
    on rules.rule_id = contributing_rules.rule_id
where
    coverage.rule_id is null
    or coverage.has_never_fired <> (contributing_rules.rule_id is null)
