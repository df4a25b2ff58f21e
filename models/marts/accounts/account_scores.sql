with

scorecards as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ parse_number(seed_cell('fit_weight')) }} as fit_weight,
        {{ parse_number(seed_cell('engagement_weight')) }} as engagement_weight
    from {{ ref('scorecards') }}

),

audiences as (

    select distinct {{ seed_cell('scorecard') }} as scorecard
    from {{ ref('scorecard_audiences') }}

),

accounts as (

    select
        account_id,
        company_name
    from {{ ref('int_accounts_joined') }}

),

leads as (

    select
        profiles.named_account_id as account_id,
        lead_scores.scorecard,
        lead_scores.lead_id,
        lead_scores.lead_score,
        lead_scores.is_suppressed,
        traits.events_30d,
        row_number() over (
            partition by profiles.named_account_id, lead_scores.scorecard
            order by
                case when lead_scores.is_suppressed then 1 else 0 end asc,
                lead_scores.lead_score desc,
                lead_scores.engagement_score desc,
                {{ bytewise('lead_scores.lead_id') }} asc
        ) as lead_rank
    from {{ named(ref('lead_scores'), 'lead_scores') }}
    inner join {{ named(ref('int_profiles_joined'), 'profiles') }}
        on lead_scores.lead_id = profiles.lead_id
    inner join {{ named(ref('int_traits_measured'), 'traits') }}
        on
            lead_scores.lead_id = traits.lead_id
            and lead_scores.as_of_date = traits.as_of_date
    where profiles.named_account_id is not null

),

account_leads as (

    select
        account_id,
        scorecard,
        sum(case when is_suppressed then 0 else 1 end) as lead_count,
        sum(case when not is_suppressed and events_30d >= 1 then 1 else 0 end) as engaged_lead_count,
        max(case when lead_rank = 1 and not is_suppressed then lead_id end) as best_lead_id,
        max(case when lead_rank = 1 and not is_suppressed then lead_score end) as best_lead_score
    from leads
    group by
        account_id,
        scorecard

),

-- Accounts without a lead on it are on a scorecard that is for everyone.
account_scorecards as (

    select
        accounts.account_id,
        accounts.company_name,
        scorecards.scorecard,
        scorecards.fit_weight,
        scorecards.engagement_weight,
        coalesce(account_leads.lead_count, 0) as lead_count,
        coalesce(account_leads.engaged_lead_count, 0) as engaged_lead_count,
        account_leads.best_lead_id,
        account_leads.best_lead_score
    from accounts
    cross join scorecards
    left join audiences
        on scorecards.scorecard = audiences.scorecard
    left join account_leads
        on
            accounts.account_id = account_leads.account_id
            and scorecards.scorecard = account_leads.scorecard
    where
        account_leads.account_id is not null
        or audiences.scorecard is null

),

engagement as (

    select
        account_id,
        scorecard,
        max(case when as_of_date = {{ as_of_date() }} then engagement_score end) as engagement_score_0d,
        max(case when as_of_date = {{ days_before(7) }} then engagement_score end) as engagement_score_7d,
        max(case when as_of_date = {{ days_before(30) }} then engagement_score end) as engagement_score_30d
    from {{ ref('int_account_engagement_rolled') }}
    group by
        account_id,
        scorecard

),

exact as (

    select
        account_scorecards.*,
        coalesce(fit.fit_score, 0) as fit_score,
        coalesce(engagement.engagement_score_0d, 0) as engagement_score,
        {{ rounded_score('engagement.engagement_score_0d') }} as rounded_score_0d,
        {{ rounded_score('engagement.engagement_score_7d') }} as rounded_score_7d,
        {{ rounded_score('engagement.engagement_score_30d') }} as rounded_score_30d
    from account_scorecards
    left join {{ named(ref('int_account_fit_scored'), 'fit') }}
        on
            account_scorecards.account_id = fit.account_id
            and account_scorecards.scorecard = fit.scorecard
    left join engagement
        on
            account_scorecards.account_id = engagement.account_id
            and account_scorecards.scorecard = engagement.scorecard

),

scores as (

    select
        account_id,
        scorecard,
        company_name,
        lead_count,
        engaged_lead_count,
        best_lead_id,
        best_lead_score,
        {{ rounded_score('fit_score') }} as account_fit_score,
        {{ rounded_score('engagement_score') }} as account_engagement_score,
        {{ rounded_score(
            combined_score('fit_score', 'engagement_score', 'fit_weight', 'engagement_weight')
        ) }} as account_score,
        coalesce(rounded_score_0d, cast(0 as {{ type_score() }})) as rounded_score_0d,
        rounded_score_7d,
        rounded_score_30d
    from exact

),

bands as (

    {{ score_band_ranges() }}

),

roles as (

    select * from {{ ref('int_buying_roles_filled') }}

)

select
    scores.account_id,
    scores.scorecard,
    scores.best_lead_id,
    scores.company_name,
    fit_bands.band as fit_band,
    engagement_bands.band as engagement_band,
    {{ score_label('fit_bands.band', 'engagement_bands.band') }} as account_label,
    {{ score_trend('scores.rounded_score_0d', 'scores.rounded_score_7d', 'scores.rounded_score_30d') }}
        as score_trend,
    roles.roles_covered,
    roles.roles_missing,
    scores.account_fit_score,
    scores.account_engagement_score,
    cast(scores.rounded_score_0d - scores.rounded_score_7d as {{ type_score() }}) as engagement_delta_7d,
    cast(scores.rounded_score_0d - scores.rounded_score_30d as {{ type_score() }}) as engagement_delta_30d,
    scores.account_score,
    scores.best_lead_score,
    roles.buying_role_coverage,
    cast(scores.lead_count as {{ dbt.type_int() }}) as lead_count,
    cast(scores.engaged_lead_count as {{ dbt.type_int() }}) as engaged_lead_count,
    {{ as_of_date() }} as as_of_date
from scores
left join bands as fit_bands
    on
        scores.scorecard = fit_bands.scorecard
        and fit_bands.score = 'fit'
        and {{ is_in_band('scores.account_fit_score', 'fit_bands') }}
left join bands as engagement_bands
    on
        scores.scorecard = engagement_bands.scorecard
        and engagement_bands.score = 'engagement'
        and {{ is_in_band('scores.account_engagement_score', 'engagement_bands') }}
left join roles
    on
        scores.account_id = roles.account_id
        and scores.scorecard = roles.scorecard
