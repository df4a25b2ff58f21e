{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    pre_hook=["{{ remember_patterns('exclusion') }}", "{{ forget_changed_events() }}"],
) }}

-- What is about to change is written down before.
-- depends_on: {{ ref('int_events_changed') }}, {{ ref('int_event_days_touched') }}

with

{% if is_incremental() -%}
resolved as (

    select * from {{ ref('int_events_changed') }}
    where not is_gone

)
{%- else -%}
unresolved as (

    select
        *,
        cast(null as {{ dbt.type_string() }}) as erased_key
    from {{ ref('stg_raw__events') }}

),

resolved as (

    {{ resolve_events('unresolved') }}

)
{%- endif %}

select
    event_key,
    event_id,
    lead_id,
    own_lead_id,
    visitor_id,
    erased_key,
    exclusion_id,
    exclusion_rules_key,
    {%- for column in event_columns() %}
    {{ column }},
    {%- endfor %}
    event_type,
    channel,
    is_catalogued,
    is_engagement,
    names_lead,
    record_count,
    settled_others,
    lead_created_at,
    event_date,
    read_from,
    contract_key
from resolved
