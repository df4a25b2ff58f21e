{%- set text = dbt.type_string() -%}

with

buying_roles as (

    select
        {{ seed_cell('role') }} as role,
        line_number
    from {{ ref('buying_roles') }}

),

role_rules as (

    select
        {{ seed_cell('role_rule_id') }} as role_rule_id,
        {{ seed_cell('role') }} as role,
        line_number
    from {{ ref('buying_role_rules') }}

),

account_rollups as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('method') }}) as method,
        {{ seed_cell('top_k') }} as top_k,
        {{ seed_cell('discount') }} as discount,
        {{ seed_cell('fit_max_points') }} as fit_max_points,
        line_number
    from {{ ref('account_rollups') }}

),

problems as (

    -- Buying roles, and the rules on who fills them.

    select
        {{ rule_problem(
            "'buying_roles.csv'", 'max(line_number)', 'min(' ~ bytewise('role') ~ ')', "'each role once, with a name'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Name it, or remove all rows but one.'",
            column='role'
        ) }}
    from buying_roles
    group by lower(role)
    having count(*) > 1 or lower(role) is null

    union all

    select
        {{ rule_problem(
            "'buying_roles.csv'", 'line_number', 'role', "'a name without |'", 'role',
            "'Rename it: account_scores joins the names by |.'",
            column='role'
        ) }}
    from buying_roles
    where {{ dbt.position("'|'", 'role') }} > 0

    union all

    select
        {{ rule_problem(
            "'buying_roles.csv'", 'line_number', 'role', "'a rule in buying_role_rules.csv that fills the role'",
            'cast(null as ' ~ text ~ ')', "'Add one, or remove the role: no account could cover it.'",
            column='role'
        ) }}
    from buying_roles
    where
        role is not null
        and not exists (
            select 1
            from role_rules
            where lower(buying_roles.role) = lower(role_rules.role)
        )

    union all

    select
        {{ rule_problem(
            "'buying_role_rules.csv'", 'line_number', 'role_rule_id', "'a role of buying_roles.csv'", 'role',
            "'Correct the name, or add the role.'",
            column='role'
        ) }}
    from role_rules
    where
        not exists (
            select 1
            from buying_roles
            where lower(role_rules.role) = lower(buying_roles.role)
        )

    union all

    select
        {{ rule_problem(
            "'buying_role_rules.csv'", 'min(line_number)', 'role_rule_id', "'the same role in all rows of the rule'",
            "cast(count(distinct lower(coalesce(role, ''))) as " ~ text ~ ") || ' different'",
            "'Make them agree, or give one of the rules another id.'",
            column='role'
        ) }}
    from role_rules
    where role_rule_id is not null
    group by role_rule_id
    having count(distinct lower(coalesce(role, ''))) > 1

    union all

    -- Scores of accounts.

    select
        {{ rule_problem(
            "'account_rollups.csv'", 'max(line_number)', 'scorecard', "'one row for each scorecard'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Remove all rows but one.'",
            column='scorecard'
        ) }}
    from account_rollups
    group by scorecard
    having count(*) > 1

    union all

    select
        {{ rule_problem(
            "'account_rollups.csv'", 'line_number', 'scorecard', "'method max, sum or top_k'", 'method',
            "'Correct the method.'",
            column='method'
        ) }}
    from account_rollups
    where not {{ is_allowed('method', 'rollup_method') }}

    union all

    select
        {{ rule_problem(
            "'account_rollups.csv'", 'line_number', 'scorecard',
            "'a whole top_k of at least 1 and a discount from 0 to 1 for the method top_k'",
            "coalesce(top_k, '') || '|' || coalesce(discount, '')", "'Fill in or correct both.'"
        ) }}
    from account_rollups
    where
        method = 'top_k'
        and not coalesce(
            {{ parse_number('top_k') }} >= 1
            and {{ parse_number('top_k') }} = floor({{ parse_number('top_k') }})
            and {{ parse_number('discount') }} between 0 and 1,
            false
        )

    union all

    select
        {{ rule_problem(
            "'account_rollups.csv'", 'line_number', 'scorecard',
            "'top_k and discount for the method top_k only'",
            "coalesce(top_k, '') || '|' || coalesce(discount, '')", "'Empty both, or change the method.'"
        ) }}
    from account_rollups
    where
        method in ('max', 'sum')
        and (top_k is not null or discount is not null)

    union all

    select
        {{ rule_problem(
            "'account_rollups.csv'", 'line_number', 'scorecard', "'fit_max_points above 0, or none'",
            'fit_max_points', "'Give the points that make an account fit score of 100.'",
            column='fit_max_points'
        ) }}
    from account_rollups
    where
        fit_max_points is not null
        and not coalesce({{ parse_number('fit_max_points') }} between 0.000001 and 1000000000, false)

)

{{ shown_problems('problems') }}
