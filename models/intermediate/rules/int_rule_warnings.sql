{{ config(post_hook="{{ show_rule_warnings() }}") }}

{{ problem_messages([ref('int_condition_warnings'), ref('int_point_warnings')], opening='warning, ') }}
