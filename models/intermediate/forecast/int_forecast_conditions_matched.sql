{{ config(pre_hook="{{ remember_patterns('profile') }}") }}

{{ match_dated_conditions(ref('int_forecast_traits_measured'), ref('int_forecast_scores_due')) }}
