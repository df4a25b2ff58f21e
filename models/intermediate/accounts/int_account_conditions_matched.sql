{{ config(pre_hook="{{ remember_patterns('profile') }}") }}

{%- set fields = declared_fields('account') -%}
{%- set names = fields | map(attribute='name') | list -%}

with

accounts as (

    select * from {{ ref('int_accounts_joined') }}

),

-- Conditions that look at fields of the account and at nothing else.
account_conditions as (

    select condition_id
    from {{ ref('int_condition_clauses') }}
    where subject = 'profile'
    group by condition_id
    having
        min(
            case
                when
                    field in (
                        '{{ names | join("',
                        '") }}'
                    )
                    then 1
                else 0
            end
        ) = 1

),

clauses as (

    select condition_clauses.*
    from {{ named(ref('int_condition_clauses'), 'condition_clauses') }}
    inner join account_conditions
        on condition_clauses.condition_id = account_conditions.condition_id

),

clause_inputs as (

    select
        accounts.account_id,
        clauses.condition_id,
        {{ as_of_date() }} as as_of_date,
        {{- clause_columns(fields, 'accounts', 'clauses') }}
    from accounts
    cross join clauses

)

select
    account_id,
    condition_id
from clause_inputs
group by
    account_id,
    condition_id
having min(case when {{ clause_holds() }} then 1 else 0 end) = 1
