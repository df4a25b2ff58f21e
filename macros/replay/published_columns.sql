{% macro published_columns() %}
    {#- The columns of lead_scores whose change is a change to sync, in the order in which changed_columns names them. -#}
    {{- return([
        'fit_score', 'engagement_score', 'lead_score', 'fit_band', 'engagement_band', 'lead_band', 'score_label',
        'stage', 'next_action', 'qualified_stage', 'qualified_since', 'is_mql', 'is_sql', 'score_trend', 'cools_on',
        'is_suppressed', 'is_customer', 'top_reason_1', 'top_reason_2', 'top_reason_3',
    ]) -}}
{% endmacro %}
