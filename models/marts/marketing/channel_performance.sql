with

scores as (

    select
        lead_id,
        scorecard,
        fit_score,
        engagement_score,
        lead_score,
        is_suppressed
    from {{ ref('lead_scores') }}

),

entries as (

    select
        lead_id,
        scorecard,
        max(case when lower(stage) = 'mql' then 1 else 0 end) = 1 as became_mql,
        max(case when lower(stage) = 'sql' then 1 else 0 end) = 1 as became_sql
    from {{ ref('lead_stage_transitions') }}
    where
        transition = 'entry'
        and transition_date <= {{ as_of_date() }}
    group by
        lead_id,
        scorecard

),

conversions as (

    select
        lead_id,
        {{ summed_amount('amount') }} as amount
    from {{ ref('stg_raw__conversions') }}
    where
        not is_deleted
        and converted_at < {{ end_of_as_of_date() }}
        and {{ is_conversion_of(customer_types()) }}
    group by lead_id

),

origins as (

    select
        leads.lead_id,
        lower(leads.lead_source) as lead_source,
        lower(leads.campaign) as campaign,
        traits.first_channel,
        traits.last_channel
    from {{ named(ref('stg_raw__leads'), 'leads') }}
    inner join {{ named(ref('int_traits_measured'), 'traits') }}
        on
            leads.lead_id = traits.lead_id
            and traits.as_of_date = {{ as_of_date() }}

),

outcomes as (

    select
        scores.scorecard,
        scores.fit_score,
        scores.engagement_score,
        scores.lead_score,
        scores.is_suppressed,
        coalesce(entries.became_mql, false) as became_mql,
        coalesce(entries.became_sql, false) as became_sql,
        conversions.lead_id is not null as is_converted,
        conversions.amount,
        origins.lead_source,
        origins.campaign,
        origins.first_channel,
        origins.last_channel
    from scores
    inner join origins
        on scores.lead_id = origins.lead_id
    left join entries
        on
            scores.lead_id = entries.lead_id
            and scores.scorecard = entries.scorecard
    left join conversions
        on scores.lead_id = conversions.lead_id

)

{% for dimension in ['lead_source', 'campaign', 'first_channel', 'last_channel'] %}
select
    scorecard,
    '{{ dimension }}' as dimension,
    coalesce({{ dimension }}, '(unknown)') as dimension_value,
    {{- performance_columns() }}
from outcomes
group by
    scorecard,
    coalesce({{ dimension }}, '(unknown)')
{{ 'union all' if not loop.last }}
{% endfor %}
