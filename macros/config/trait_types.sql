{% macro trait_types() %}
    {#- The behavioural traits that behaviour rules, audiences and suppressions may use, with their types. -#}
    {{- return({
        'days_since_last_engagement': 'number',
        'active_days_30d': 'number',
        'active_days_90d': 'number',
        'events_30d': 'number',
        'distinct_pages_30d': 'number',
        'sessions_30d': 'number',
        'bounce_rate_90d': 'number',
        'average_page_seconds_30d': 'number',
        'emails_delivered_90d': 'number',
        'email_open_rate_90d': 'number',
        'email_click_rate_90d': 'number',
        'opened_last_5_emails': 'boolean',
        'past_purchases': 'number',
        'past_purchase_value': 'number',
        'top_content_topic': 'text',
        'top_device': 'text',
        'first_channel': 'text',
        'last_channel': 'text',
    }) -}}
{% endmacro %}
