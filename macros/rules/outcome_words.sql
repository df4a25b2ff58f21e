{% macro outcome_words() %}
    {#-
        Words in the names of fields that people fill in once they know how the story ended: points on them make scores
        look good on the past and do nothing for new leads. A field counts if one of the parts of its name, which _
        separates, is such a word.
    -#}
    {{- return([
        'status', 'quality', 'tags', 'tag', 'lifecycle', 'lifecycle_stage', 'stage', 'disposition', 'outcome', 'won',
        'lost', 'closed', 'close_date', 'lost_reason', 'deal', 'opportunity', 'converted', 'conversion', 'is_customer',
        'customer', 'churned', 'is_qualified', 'mql', 'sql', 'contract', 'invoice', 'profile', 'last_activity',
        'last_notable_activity',
    ]) -}}
{% endmacro %}
