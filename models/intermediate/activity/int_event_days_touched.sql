{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    full_refresh=false,
    pre_hook="{{ forget_changes_seen() }}",
    post_hook="{{ forget_days_of_lost_leads() }}",
) }}

-- depends_on: {{ ref('int_profiles_joined') }}

{%- set text = dbt.type_string() %}

with

changes as (

    select * from {{ ref('int_events_changed') }}

),

touched as (

    select
        lead_id,
        cast(null as {{ text }}) as lost_lead_key,
        event_date
    from changes
    where
        lead_id is not null
        and event_date is not null

    union distinct

    select
        old_lead_id as lead_id,
        cast(null as {{ text }}) as lost_lead_key,
        old_event_date as event_date
    from changes
    where
        old_lead_id is not null
        and old_event_date is not null

    union distinct

    select
        cast(null as {{ text }}) as lead_id,
        old_lead_key as lost_lead_key,
        cast(null as date) as event_date
    from changes
    where old_lead_key is not null

    {% if is_incremental() -%}
    union distinct

    -- Leads that are gone before their touched days were seen.
    select
        cast(null as {{ text }}) as lead_id,
        {{ dbt.hash('kept.lead_id') }} as lost_lead_key,
        cast(null as date) as event_date
    from {{ this }} as kept
    left join {{ named(ref('int_profiles_joined'), 'leads') }}
        on kept.lead_id = leads.lead_id
    where
        kept.lead_id is not null
        and leads.lead_id is null

    {% endif %}
),

numbers as (

    {{ last_change_number() }}

)

select
    numbers.change_number + 1 as change_number,
    touched.lead_id,
    touched.lost_lead_key,
    touched.event_date
from touched
cross join numbers
