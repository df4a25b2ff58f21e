with

roles as (

    select
        {{ seed_cell('role') }} as role,
        lower({{ seed_cell('role') }}) as role_key
    from {{ ref('buying_roles') }}

),

role_rules as (

    select distinct
        {{ seed_cell('role_rule_id') }} as role_rule_id,
        lower({{ seed_cell('role') }}) as role_key
    from {{ ref('buying_role_rules') }}

),

condition_matches as (

    {{ conditions_on_dates(ref('int_lead_dates_scored'), ref('int_dated_conditions_matched')) }}

),

roles_filled as (

    select distinct
        profiles.named_account_id as account_id,
        lead_scorecards.scorecard,
        role_rules.role_key
    from condition_matches
    inner join {{ named(ref('int_conditions_keyed'), 'conditions') }}
        on
            condition_matches.condition_id = conditions.condition_id
            and conditions.seed = 'buying_role_rules'
    inner join role_rules
        on conditions.owner_id = role_rules.role_rule_id
    inner join {{ named(ref('int_profiles_joined'), 'profiles') }}
        on condition_matches.lead_id = profiles.lead_id
    inner join {{ named(ref('int_lead_scorecards_assigned'), 'lead_scorecards') }}
        on
            condition_matches.lead_id = lead_scorecards.lead_id
            and condition_matches.as_of_date = lead_scorecards.as_of_date
    left join {{ named(ref('int_leads_suppressed'), 'suppressed_leads') }}
        on
            condition_matches.lead_id = suppressed_leads.lead_id
            and condition_matches.as_of_date = suppressed_leads.as_of_date
    where
        condition_matches.is_matched
        and condition_matches.as_of_date = {{ as_of_date() }}
        and profiles.named_account_id is not null
        and suppressed_leads.lead_id is null

),

scorecards as (

    select {{ seed_cell('scorecard') }} as scorecard
    from {{ ref('scorecards') }}

),

accounts as (

    select account_id
    from {{ ref('int_accounts_joined') }}

),

roles_wanted as (

    select
        accounts.account_id,
        scorecards.scorecard,
        roles.role,
        roles_filled.role_key is not null as is_filled
    from accounts
    cross join scorecards
    cross join roles
    left join roles_filled
        on
            accounts.account_id = roles_filled.account_id
            and scorecards.scorecard = roles_filled.scorecard
            and roles.role_key = roles_filled.role_key

)

select
    account_id,
    scorecard,
    {{ joined_text('case when is_filled then role end', "'|'") }} as roles_covered,
    {{ joined_text('case when not is_filled then role end', "'|'") }} as roles_missing,
    cast(sum(case when is_filled then 1 else 0 end) as {{ type_double() }}) / count(*) as buying_role_coverage
from roles_wanted
group by
    account_id,
    scorecard
