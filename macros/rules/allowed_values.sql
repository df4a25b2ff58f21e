{% macro allowed_values(kind) %}
    {#- What a cell of a rule file may say, compared without case, where it is one of a few words. -#}
    {{- return({
        'decay_kind': [
            'none', 'exponential', 'linear', 'stepped', 'compounding', 'window', 'hyperbolic',
        ],
        'score': ['fit', 'engagement', 'lead'],
        'point_score': ['fit', 'engagement'],
        'rollup_method': ['max', 'sum', 'top_k'],
        'journey_field': ['event_type', 'content_topic'],
        'journey_step': ['awareness', 'consideration', 'decision'],
    }[kind]) -}}
{% endmacro %}
