{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    pre_hook="{{ forget_due_rows(ref('int_lead_dates_scored'), ref('int_traits_due'), 'int_traits_measured') }}",
) }}

{%- set lead_dates = ref('int_lead_dates_scored') -%}
{%- set due = ref('int_traits_due') if not execute or is_whole_run('int_traits_measured') else none -%}

{{ rows_with_key(measure_traits(due or lead_dates), due, 'traits_key') }}
