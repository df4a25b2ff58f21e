{{ config(pre_hook="{{ remember_patterns('profile') }}") }}

{{ match_dated_conditions(ref('int_traits_measured')) }}
