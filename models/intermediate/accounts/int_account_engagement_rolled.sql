with

rollups as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('method') }}) as method,
        {{ parse_number(seed_cell('top_k')) }} as top_k,
        {{ parse_number(seed_cell('discount')) }} as discount
    from {{ ref('account_rollups') }}

),

-- Suppressed leads speak for nobody.
lead_engagement as (

    select
        profiles.named_account_id as account_id,
        scores.scorecard,
        scores.as_of_date,
        scores.engagement_score,
        row_number() over (
            partition by profiles.named_account_id, scores.scorecard, scores.as_of_date
            order by scores.engagement_score desc
        ) as engagement_rank
    from {{ named(ref('int_scores_normalised'), 'scores') }}
    inner join {{ named(ref('int_profiles_joined'), 'profiles') }}
        on scores.lead_id = profiles.lead_id
    left join {{ named(ref('int_leads_suppressed'), 'suppressed_leads') }}
        on
            scores.lead_id = suppressed_leads.lead_id
            and scores.as_of_date = suppressed_leads.as_of_date
    where
        profiles.named_account_id is not null
        and suppressed_leads.lead_id is null

),

weighed as (

    select
        lead_engagement.account_id,
        lead_engagement.scorecard,
        lead_engagement.as_of_date,
        cast(
            case coalesce(rollups.method, 'max')
                when 'max' then case when lead_engagement.engagement_rank = 1 then 1 else 0 end
                when 'sum' then 1
                when 'top_k'
                    then
                        case
                            when lead_engagement.engagement_rank <= rollups.top_k
                                then power(rollups.discount, lead_engagement.engagement_rank - 1)
                            else 0
                        end
            end * lead_engagement.engagement_score
            as {{ type_exact_points() }}
        ) as engagement_points
    from lead_engagement
    left join rollups
        on lead_engagement.scorecard = rollups.scorecard

),

totals as (

    select
        account_id,
        scorecard,
        as_of_date,
        sum(engagement_points) as engagement_points,
        count(*) as lead_count
    from weighed
    group by
        account_id,
        scorecard,
        as_of_date

)

select
    account_id,
    scorecard,
    as_of_date,
    lead_count,
    case when engagement_points > 100 then 100 else engagement_points end as engagement_score
from totals
