{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    pre_hook="{{ forget_due_rows(
        ref('int_forecast_lead_dates'), ref('int_forecast_traits_due'), 'int_forecast_traits_measured'
    ) }}",
) }}

{%- set lead_dates = ref('int_forecast_lead_dates') -%}
{%- set due = ref('int_forecast_traits_due') if not execute or is_whole_run('int_forecast_traits_measured') else none -%}

{{ rows_with_key(measure_traits(due or lead_dates), due, 'traits_key') }}
