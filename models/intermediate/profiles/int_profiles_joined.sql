with

leads as (

    select
        lead_id,
        account_id,
        {%- for field in declared_fields('lead') %}
        {{ field.value }},
        {%- endfor %}
        created_at
    from {{ ref('stg_raw__leads') }}
    where not is_deleted

),

accounts as (

    select
        {%- for field in declared_fields('account') %}
        {{ field_column(field.column) }} as {{ field.value }},
        {%- endfor %}
        account_id
    from {{ ref('stg_raw__accounts') }}
    where not is_deleted

)

select
    leads.lead_id,
    leads.account_id as named_account_id,
    accounts.account_id,
    {%- for field in declared_fields('lead') %}
    leads.{{ field.value }},
    {%- endfor %}
    {%- for field in declared_fields('account') %}
    accounts.{{ field.value }},
    {%- endfor %}
    leads.created_at
from leads
left join accounts
    on leads.account_id = accounts.account_id
