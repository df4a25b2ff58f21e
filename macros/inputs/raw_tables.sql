{% macro raw_tables() %}
    {#- The input contract: every table with its columns in order, their types, and what it cannot do without. -#}
    {{- return({
        'raw_leads': {
            'columns': {
                'lead_id': 'id', 'email': 'text', 'account_id': 'id', 'job_title': 'text',
                'department': 'text', 'seniority': 'text', 'country': 'text', 'language': 'text',
                'lead_source': 'text', 'campaign': 'text', 'created_at': 'timestamp',
                'updated_at': 'timestamp',
            },
            'required': ['lead_id'],
            'fields': 'lead',
        },
        'raw_firmographics': {
            'columns': {
                'account_id': 'id', 'company_name': 'text', 'domain': 'text', 'industry': 'text',
                'employee_count': 'number', 'annual_revenue': 'number', 'growth_rate': 'number',
                'location_count': 'number', 'technologies': 'text', 'country': 'text',
                'updated_at': 'timestamp',
            },
            'required': ['account_id'],
            'fields': 'account',
        },
        'raw_events': {
            'columns': {
                'event_id': 'id', 'lead_id': 'id', 'anonymous_id': 'id', 'event_type': 'text',
                'occurred_at': 'timestamp', 'loaded_at': 'timestamp', 'page_path': 'text',
                'channel': 'text', 'campaign': 'text', 'content_topic': 'text', 'device': 'text',
                'duration_seconds': 'number', 'value': 'number',
            },
            'required': ['event_type', 'occurred_at'],
            'fields': 'event',
        },
        'raw_identities': {
            'columns': {'anonymous_id': 'id', 'lead_id': 'id', 'linked_at': 'timestamp'},
            'required': ['anonymous_id', 'lead_id'],
            'fields': none,
        },
        'raw_conversions': {
            'columns': {
                'lead_id': 'id', 'conversion_type': 'text', 'converted_at': 'timestamp',
                'amount': 'number', 'conversion_id': 'id',
            },
            'required': ['lead_id', 'conversion_type', 'converted_at'],
            'fields': none,
        },
        'raw_erasures': {
            'columns': {'lead_id': 'id', 'requested_at': 'timestamp'},
            'required': ['lead_id'],
            'fields': none,
        },
    }) -}}
{% endmacro %}
