{% macro operators_by_type() %}
    {%- set comparisons = ['>', '>=', '<', '<=', 'between'] -%}
    {%- set known = ['is_known', 'is_unknown'] -%}
    {{- return({
        'text': [
            'equals', 'not_equals', 'in', 'not_in', 'contains', 'starts_with', 'ends_with', 'matches',
        ] + known,
        'number': ['equals', 'not_equals', 'in', 'not_in'] + comparisons + known,
        'date': comparisons + ['within_days', 'older_than_days'] + known,
        'boolean': ['is_true', 'is_false'] + known,
        'list': ['contains', 'in', 'not_in'] + known,
    }) -}}
{% endmacro %}
