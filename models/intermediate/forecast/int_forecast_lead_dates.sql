{%- set kept = kept_relation('int_forecast_scores_normalised') -%}
{%- set is_rebuilt = kept is none or flags.FULL_REFRESH or flags.EMPTY -%}

with

leads as (

    select
        lead_id,
        forecast_key
    from {{ ref('int_forecast_inputs_digested') }}

),

{% if not is_rebuilt -%}
forecasts_kept as (

    select distinct
        lead_id,
        forecast_key
    from {{ kept }}

),

{% endif -%}
dates as (

    select as_of_date
    from {{ ref('int_dates_scored') }}
    where is_forecast

)

select
    leads.lead_id,
    dates.as_of_date,
    leads.forecast_key
from leads
cross join dates
{%- if not is_rebuilt %}
left join forecasts_kept
    on
        leads.lead_id = forecasts_kept.lead_id
        and leads.forecast_key = forecasts_kept.forecast_key
where forecasts_kept.lead_id is null
{%- endif %}
