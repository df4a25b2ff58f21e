{{ config(materialized='table', post_hook="{{ purge_erased_copies() }}") }}

{%- set columns = raw_columns('raw_erasures') %}

with

cells as (

    select
        {{- raw_cells('raw_erasures', columns) }}
    from {{ raw_relation('raw_erasures', columns) }}

),

raw_erasures as (

    select
        {{- contract_columns('raw_erasures', columns) }}
    from cells

),

listed_leads as (

    select {{ seed_cell('lead_id') }} as lead_id
    from {{ ref('erasures') }}

),

lead_keys as (

    select
        case
            when {{ is_digest('lead_id') }} then lower(substr(lead_id, 5))
            else {{ dbt.hash('lead_id') }}
        end as lead_key
    from listed_leads
    where lead_id is not null

    union all

    select {{ dbt.hash('lead_id') }} as lead_key
    from raw_erasures
    where
        lead_id is not null
        and not is_deleted

)

select distinct lead_key
from lead_keys
