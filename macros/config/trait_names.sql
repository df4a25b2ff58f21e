{% macro trait_names() %}
    {{- return([
        'days_since_last_engagement', 'active_days_30d', 'active_days_90d', 'events_30d',
        'distinct_pages_30d', 'sessions_30d', 'bounce_rate_90d', 'average_page_seconds_30d',
        'emails_delivered_90d', 'email_open_rate_90d', 'email_click_rate_90d',
        'opened_last_5_emails', 'past_purchases', 'past_purchase_value',
        'top_content_topic', 'top_device', 'first_channel', 'last_channel',
    ]) -}}
{% endmacro %}
