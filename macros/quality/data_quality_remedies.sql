{% macro data_quality_remedies() %}
    {#- What each issue of data_quality_issues means, and what to do about it. -#}
    {{- return({
        'broken_line': [
            'Lines of the CSV file that break the format; left out',
            'Quote cells that hold commas or quotes, and save the file as UTF-8'],
        'no_id': ['Rows without an id; left out', 'Fill in the id at the source'],
        'duplicate': [
            'Further rows of an id of which another row decides; left out',
            'Nothing, if the pipeline delivers at least once; otherwise look for rows loaded twice'],
        'deleted': ['Records whose deciding row is a tombstone; left out', 'Nothing: they were deleted'],
        'created_later': ['Leads created after the as-of date; left out', 'Nothing: they are scored from then on'],
        'unknown_account': [
            'Leads with an account that raw_firmographics lacks; scored without firmographics',
            'Load the account, or correct the account_id'],
        'unreadable_number': [
            'Cells that are no number; unknown to the rules', 'Write numbers like 1200 or 12.5, without separators'],
        'unreadable_timestamp': [
            'Cells that are no ISO 8601 date or time; unknown', 'Write them like 2026-01-31 or 2026-01-31T09:30:00Z'],
        'unreadable_date': [
            'Cells that are no ISO 8601 date; unknown to the rules', 'Write them like 2026-01-31'],
        'unreadable_boolean': [
            'Cells that are neither true nor false; unknown to the rules', 'Write true or false'],
        'missing_column': [
            'A column that is declared as a rule field but absent; rules see it as unknown',
            'Add the column, or take it out of the var'],
        'unknown_occurred_at': ['Events without a readable occurred_at; left out', 'Fill in the time of the event'],
        'unknown_converted_at': [
            'Conversions without a readable converted_at; left out', 'Fill in the time of the conversion'],
        'unknown_conversion_type': [
            'Conversions without a type; they count for nothing', 'Fill in the conversion_type'],
        'excluded': ['Events dropped by event_exclusions; left out', 'Nothing, if the exclusion (detail) is right'],
        'no_lead': [
            'Events that belong to nobody: no lead_id, and no link of the anonymous_id; left out',
            'Nothing for visitors who have not told their name; otherwise load the link into raw_identities'],
        'unknown_lead': [
            'Rows of a lead that raw_leads lacks; left out', 'Load the lead, or correct the lead_id'],
        'lead_not_created': ['Events of leads created after the as-of date; left out', 'Nothing: they count from then on'],
        'future': ['Rows from after the as-of date; left out', 'Nothing in a replay; otherwise look at the clock of the source'],
        'uncatalogued_type': [
            'Events of a type (detail) that event_catalog lacks; no rule can match them', 'Add the type to the catalogue'],
        'superseded_link': [
            'Links of a visitor that a later link replaces; left out', 'Nothing: the latest link decides'],
    }) -}}
{% endmacro %}
