with

scores as (

    select * from {{ ref('int_scores_normalised') }}
    where as_of_date = {{ as_of_date() }}

),

bands as (

    {{ score_band_ranges() }}

),

stages as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('fit_band') }} as fit_band,
        {{ seed_cell('engagement_band') }} as engagement_band,
        {{ seed_cell('stage') }} as stage,
        {{ seed_cell('next_action') }} as next_action
    from {{ ref('lead_stages') }}

),

suppressed_leads as (

    select
        lead_id,
        suppression_reason
    from {{ ref('int_leads_suppressed') }}
    where as_of_date = {{ as_of_date() }}

),

customers as (

    select distinct lead_id
    from {{ ref('stg_raw__conversions') }}
    where
        not is_deleted
        and converted_at < {{ end_of_as_of_date() }}
        and {{ is_conversion_of(customer_types()) }}

),

engaged_leads as (

    select
        lead_id,
        last_engagement_at
    from {{ ref('int_traits_measured') }}
    where as_of_date = {{ as_of_date() }}

),

ranges as (

    select
        lead_id,
        scorecard,
        fit_score_low,
        fit_score_high
    from {{ ref('int_fit_ranges_bounded') }}

),

completeness as (

    select
        lead_id,
        scorecard,
        fit_completeness
    from {{ ref('int_fit_completeness_measured') }}

),

rule_points as (

    select
        lead_id,
        scorecard,
        as_of_date,
        rule_id,
        reason,
        points
    from {{ ref('int_rule_points_weighed') }}
    where as_of_date = {{ as_of_date() }}

),

ranked_reasons as (

    {{ ranked_reasons('rule_points') }}

),

reasons as (

    select
        lead_id,
        scorecard,
        {{- top_reasons() }}
    from ranked_reasons
    where reason_rank <= 3
    group by
        lead_id,
        scorecard

),

-- The engagement scores that the same rules give 7 and 30 days earlier.
earlier_scores as (

    select
        lead_id,
        scorecard,
        max(case when as_of_date = {{ days_before(7) }} then engagement_score end) as engagement_score_7d,
        max(case when as_of_date = {{ days_before(30) }} then engagement_score end) as engagement_score_30d
    from {{ ref('int_scores_normalised') }}
    group by
        lead_id,
        scorecard

),

stages_held as (

    select
        lead_id,
        scorecard,
        max(case when is_highest then stage end) as qualified_stage,
        max(case when is_highest then entered_on end) as qualified_since,
        max(case when lower(stage) = 'mql' then 1 else 0 end) = 1 as is_mql,
        max(case when lower(stage) = 'sql' then 1 else 0 end) = 1 as is_sql
    from {{ ref('int_stages_held') }}
    group by
        lead_id,
        scorecard

),

cooling_leads as (

    select
        lead_id,
        scorecard,
        cools_on
    from {{ ref('int_leads_cooling') }}

),

banded as (

    select
        scores.*,
        fit_bands.band as fit_band,
        engagement_bands.band as engagement_band,
        lead_bands.band as lead_band
    from scores
    left join bands as fit_bands
        on
            scores.scorecard = fit_bands.scorecard
            and fit_bands.score = 'fit'
            and {{ is_in_band('scores.fit_score', 'fit_bands') }}
    left join bands as engagement_bands
        on
            scores.scorecard = engagement_bands.scorecard
            and engagement_bands.score = 'engagement'
            and {{ is_in_band('scores.engagement_score', 'engagement_bands') }}
    left join bands as lead_bands
        on
            scores.scorecard = lead_bands.scorecard
            and lead_bands.score = 'lead'
            and {{ is_in_band('scores.lead_score', 'lead_bands') }}

)

select
    banded.lead_id,
    banded.scorecard,
    banded.fit_band,
    banded.engagement_band,
    banded.lead_band,
    {{ score_label('banded.fit_band', 'banded.engagement_band') }} as score_label,
    case
        when suppressed_leads.lead_id is not null then 'suppressed'
        else stages.stage
    end as stage,
    case when suppressed_leads.lead_id is null then stages.next_action end as next_action,
    stages_held.qualified_stage,
    {{ score_trend(
        'banded.engagement_score', 'earlier_scores.engagement_score_7d', 'earlier_scores.engagement_score_30d'
    ) }} as score_trend,
    suppressed_leads.suppression_reason,
    reasons.top_reason_1,
    reasons.top_reason_2,
    reasons.top_reason_3,
    banded.fit_score,
    coalesce(ranges.fit_score_low, cast(0 as {{ type_score() }})) as fit_score_low,
    coalesce(ranges.fit_score_high, cast(0 as {{ type_score() }})) as fit_score_high,
    banded.engagement_score,
    banded.engagement_score_undecayed,
    cast(banded.engagement_score - earlier_scores.engagement_score_7d as {{ type_score() }})
        as engagement_delta_7d,
    cast(banded.engagement_score - earlier_scores.engagement_score_30d as {{ type_score() }})
        as engagement_delta_30d,
    banded.lead_score,
    banded.fit_points,
    banded.engagement_points,
    coalesce(completeness.fit_completeness, 1) as fit_completeness,
    suppressed_leads.lead_id is not null as is_suppressed,
    customers.lead_id is not null as is_customer,
    coalesce(stages_held.is_mql, false) as is_mql,
    coalesce(stages_held.is_sql, false) as is_sql,
    engaged_leads.last_engagement_at,
    stages_held.qualified_since,
    cooling_leads.cools_on,
    {{ as_of_date() }} as as_of_date
from banded
left join stages
    on
        banded.scorecard = stages.scorecard
        and banded.fit_band = stages.fit_band
        and banded.engagement_band = stages.engagement_band
left join suppressed_leads
    on banded.lead_id = suppressed_leads.lead_id
left join customers
    on banded.lead_id = customers.lead_id
left join engaged_leads
    on banded.lead_id = engaged_leads.lead_id
left join ranges
    on
        banded.lead_id = ranges.lead_id
        and banded.scorecard = ranges.scorecard
left join completeness
    on
        banded.lead_id = completeness.lead_id
        and banded.scorecard = completeness.scorecard
left join reasons
    on
        banded.lead_id = reasons.lead_id
        and banded.scorecard = reasons.scorecard
left join earlier_scores
    on
        banded.lead_id = earlier_scores.lead_id
        and banded.scorecard = earlier_scores.scorecard
left join stages_held
    on
        banded.lead_id = stages_held.lead_id
        and banded.scorecard = stages_held.scorecard
left join cooling_leads
    on
        banded.lead_id = cooling_leads.lead_id
        and banded.scorecard = cooling_leads.scorecard
