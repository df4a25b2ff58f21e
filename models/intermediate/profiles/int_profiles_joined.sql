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
    where
        not is_deleted
        and coalesce(created_at < {{ end_of_as_of_date() }}, true)

),

accounts as (

    select
        {%- for field in declared_fields('account') %}
        {{ field_column(field.column) }} as {{ field.value }},
        {%- endfor %}
        account_id
    from {{ ref('stg_raw__accounts') }}
    where not is_deleted

),

traits as (

    select * from {{ ref('int_traits_measured') }}

)

select
    leads.lead_id,
    accounts.account_id,
    {%- for field in declared_fields('lead') %}
    leads.{{ field.value }},
    {%- endfor %}
    {%- for field in declared_fields('account') %}
    accounts.{{ field.value }},
    {%- endfor %}
    {%- for trait in declared_fields('trait') %}
    traits.{{ trait.value }},
    {%- endfor %}
    leads.created_at,
    traits.last_engagement_at
from leads
inner join traits
    on leads.lead_id = traits.lead_id
left join accounts
    on leads.account_id = accounts.account_id
