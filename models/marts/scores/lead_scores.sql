with

scores as (

    select * from {{ ref('int_scores_normalised') }}
    where as_of_date = {{ as_of_date() }}

),

-- Half-open ranges: a band ends where the next one starts.
bands as (

    select
        scorecard,
        score,
        band,
        min_score,
        lead(min_score) over (partition by scorecard, score order by min_score) as next_min_score
    from (
        select
            {{ seed_cell('scorecard') }} as scorecard,
            lower({{ seed_cell('score') }}) as score,
            {{ seed_cell('band') }} as band,
            cast({{ parse_number(seed_cell('min_score')) }} as {{ type_exact_score() }}) as min_score
        from {{ ref('score_bands') }}
    ) as parsed_bands

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

ranked_reasons as (

    select
        lead_id,
        scorecard,
        reason,
        row_number() over (
            partition by lead_id, scorecard
            order by abs(points) desc, {{ bytewise('rule_id') }} asc
        ) as reason_rank
    from {{ ref('int_rule_points_weighed') }}
    where as_of_date = {{ as_of_date() }}

),

reasons as (

    select
        lead_id,
        scorecard,
        max(case when reason_rank = 1 then reason end) as top_reason_1,
        max(case when reason_rank = 2 then reason end) as top_reason_2,
        max(case when reason_rank = 3 then reason end) as top_reason_3
    from ranked_reasons
    where reason_rank <= 3
    group by
        lead_id,
        scorecard

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
            and scores.fit_score >= fit_bands.min_score
            and (
                fit_bands.next_min_score is null
                or scores.fit_score < fit_bands.next_min_score
            )
    left join bands as engagement_bands
        on
            scores.scorecard = engagement_bands.scorecard
            and engagement_bands.score = 'engagement'
            and scores.engagement_score >= engagement_bands.min_score
            and (
                engagement_bands.next_min_score is null
                or scores.engagement_score < engagement_bands.next_min_score
            )
    left join bands as lead_bands
        on
            scores.scorecard = lead_bands.scorecard
            and lead_bands.score = 'lead'
            and scores.lead_score >= lead_bands.min_score
            and (
                lead_bands.next_min_score is null
                or scores.lead_score < lead_bands.next_min_score
            )

)

select
    banded.lead_id,
    banded.scorecard,
    banded.fit_band,
    banded.engagement_band,
    banded.lead_band,
    banded.fit_band || banded.engagement_band as score_label,
    case
        when suppressed_leads.lead_id is not null then 'suppressed'
        else stages.stage
    end as stage,
    case when suppressed_leads.lead_id is null then stages.next_action end as next_action,
    suppressed_leads.suppression_reason,
    reasons.top_reason_1,
    reasons.top_reason_2,
    reasons.top_reason_3,
    banded.fit_score,
    coalesce(ranges.fit_score_low, cast(0 as {{ type_score() }})) as fit_score_low,
    coalesce(ranges.fit_score_high, cast(0 as {{ type_score() }})) as fit_score_high,
    banded.engagement_score,
    banded.engagement_score_undecayed,
    banded.lead_score,
    banded.fit_points,
    banded.engagement_points,
    coalesce(completeness.fit_completeness, 1) as fit_completeness,
    suppressed_leads.lead_id is not null as is_suppressed,
    customers.lead_id is not null as is_customer,
    engaged_leads.last_engagement_at,
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
