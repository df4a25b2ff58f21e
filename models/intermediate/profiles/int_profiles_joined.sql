with

leads as (

    select
        lead_id,
        account_id,
        {%- for field in declared_fields('lead') %}
        {{ field_column(field.name) }},
        {%- endfor %}
        created_at
    from {{ ref('stg_raw__leads') }}
    where
        not is_deleted
        and coalesce(created_at < {{ end_of_as_of_date() }}, true)

),

accounts as (

    select
        {%- for field in declared_fields('account') %}
        {{ field_column(field.column) }} as {{ field_column(field.name) }},
        {%- endfor %}
        account_id
    from {{ ref('stg_raw__accounts') }}
    where not is_deleted

)

select
    leads.lead_id,
    accounts.account_id,
    {%- for field in declared_fields('lead') %}
    leads.{{ field_column(field.name) }},
    {%- endfor %}
    {%- for field in declared_fields('account') %}
    accounts.{{ field_column(field.name) }},
    {%- endfor %}
    leads.created_at
from leads
left join accounts
    on leads.account_id = accounts.account_id
