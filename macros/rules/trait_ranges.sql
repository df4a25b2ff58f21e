{% macro trait_ranges() %}
    {#- The least and the greatest value that a trait of numbers can have; none where there is no end. -#}
    {{- return({
        'days_since_last_engagement': (0, none),
        'active_days_30d': (0, 30),
        'active_days_90d': (0, 90),
        'events_30d': (0, none),
        'distinct_pages_30d': (0, none),
        'sessions_30d': (0, none),
        'bounce_rate_90d': (0, 1),
        'average_page_seconds_30d': (none, none),
        'emails_delivered_90d': (0, none),
        'email_open_rate_90d': (0, 1),
        'email_click_rate_90d': (0, 1),
        'past_purchases': (0, none),
        'past_purchase_value': (none, none),
    }) -}}
{% endmacro %}
