{% macro condition_rows(seed, vocabulary, owner, scorecard=none, event_type=none) %}
    {#-
        The rows of a rule file that state conditions, in the common form. The subject says what they are matched
        against: the profiles of leads, the events that count, or all events (exclusions).
    -#}
    {%- set subject = vocabulary if vocabulary in ('event', 'exclusion') else 'profile' -%}
    select
        '{{ seed }}' as seed,
        '{{ subject }}' as subject,
        '{{ vocabulary }}' as vocabulary,
        {{ seed_cell(scorecard) if scorecard else "cast(null as " ~ dbt.type_string() ~ ")" }} as scorecard,
        {{ seed_cell(owner) }} as owner_id,
        {{ 'lower(' ~ seed_cell(event_type) ~ ')' if event_type
            else "cast(null as " ~ dbt.type_string() ~ ")" }} as event_type,
        lower({{ seed_cell('field') }}) as field,
        lower({{ seed_cell('operator') }}) as operator,
        {{ seed_cell('value') }} as operand,
        line_number
    from {{ ref(seed) }}
{%- endmacro %}
