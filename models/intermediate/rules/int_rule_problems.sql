{{ config(post_hook="{{ refuse_broken_rules() }}") }}

{{ problem_messages([
    ref('int_condition_problems'),
    ref('int_point_rule_problems'),
    ref('int_scorecard_problems'),
    ref('int_qualification_problems'),
    ref('int_account_rule_problems'),
    ref('int_catalogue_problems'),
]) }}
