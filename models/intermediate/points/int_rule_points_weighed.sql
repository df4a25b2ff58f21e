{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('append'),
    pre_hook="{{ forget_due_rows(ref('int_lead_dates_scored'), ref('int_points_due'), 'int_rule_points_weighed') }}",
) }}

{%- set lead_dates = ref('int_lead_dates_scored') -%}
{%- set due = ref('int_points_due') if not execute or is_whole_run('int_rule_points_weighed') else none -%}
{%- set rule_points = weigh_rule_points(
    due or lead_dates, ref('int_dated_conditions_matched'), ref('int_lead_scorecards_assigned')
) -%}

{{ rows_with_key(rule_points, due, 'inputs_key') }}
