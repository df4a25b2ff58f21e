with

leads as (

    select distinct lead_id
    from {{ ref('int_stages_held') }}

),

dates as (

    select as_of_date
    from {{ ref('int_dates_scored') }}
    where is_forecast

)

select
    leads.lead_id,
    dates.as_of_date
from leads
cross join dates
