with

accounts as (

    select
        {%- for field in declared_fields('account') %}
        {{ field_column(field.column) }} as {{ field.value }},
        {%- endfor %}
        account_id,
        company_name
    from {{ ref('stg_raw__accounts') }}
    where not is_deleted

),

named_accounts as (

    select distinct profiles.named_account_id as account_id
    from {{ named(ref('int_profiles_joined'), 'profiles') }}
    inner join {{ named(ref('int_lead_dates_scored'), 'lead_dates') }}
        on profiles.lead_id = lead_dates.lead_id
    where
        lead_dates.as_of_date = {{ as_of_date() }}
        and profiles.named_account_id is not null

),

account_id_rows as (

    select account_id
    from accounts

    union all

    select account_id
    from named_accounts

),

account_ids as (

    select distinct account_id
    from account_id_rows

)

select
    account_ids.account_id,
    {%- for field in declared_fields('account') %}
    accounts.{{ field.value }},
    {%- endfor %}
    accounts.company_name
from account_ids
left join accounts
    on account_ids.account_id = accounts.account_id
