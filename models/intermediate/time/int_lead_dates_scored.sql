with

leads as (

    select
        lead_id,
        created_at
    from {{ ref('int_profiles_joined') }}

),

dates as (

    select as_of_date
    from {{ ref('int_dates_scored') }}
    where is_scored

)

-- A lead that is created later has no score yet; one that was created nobody knows when has.
select
    leads.lead_id,
    dates.as_of_date
from leads
cross join dates
where coalesce(leads.created_at < {{ end_of_date('dates.as_of_date') }}, true)
