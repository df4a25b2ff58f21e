{% macro seed_columns() %}
    {#- Every rule file with the columns that it must have. -#}
    {%- set conditions = ['field', 'operator', 'value'] -%}
    {{- return({
        'scorecards': [
            'scorecard', 'description', 'fit_weight', 'engagement_weight', 'fit_max_points',
            'engagement_max_points',
        ],
        'scorecard_audiences': ['scorecard'] + conditions,
        'fit_rules': ['rule_id', 'scorecard', 'category'] + conditions + ['points', 'reason'],
        'behavior_rules': ['rule_id', 'scorecard', 'category'] + conditions + ['points', 'reason'],
        'engagement_rules': ['rule_id', 'scorecard', 'category', 'event_type'] + conditions + [
            'points', 'decay', 'daily_cap', 'max_points', 'min_events', 'max_events', 'within_days', 'reason',
        ],
        'decay_curves': ['decay', 'kind', 'days', 'percent', 'delay_days', 'floor'],
        'category_caps': ['scorecard', 'score', 'category', 'min_points', 'max_points'],
        'score_bands': ['scorecard', 'score', 'band', 'min_score'],
        'lead_stages': ['scorecard', 'fit_band', 'engagement_band', 'stage', 'next_action'],
        'qualification_thresholds': [
            'scorecard', 'stage', 'score', 'enter_at', 'exit_below', 'exit_days',
        ],
        'buying_roles': ['role', 'description'],
        'buying_role_rules': ['role_rule_id', 'role'] + conditions,
        'account_rollups': ['scorecard', 'method', 'top_k', 'discount', 'fit_max_points'],
        'journey_steps': ['field', 'value', 'step'],
        'suppressions': ['suppression_id'] + conditions + ['reason'],
        'event_catalog': ['raw_event_type', 'event_type', 'channel', 'is_engagement'],
        'event_exclusions': ['exclusion_id'] + conditions + ['reason'],
        'erasures': ['lead_id', 'requested_on', 'note'],
    }) -}}
{% endmacro %}
