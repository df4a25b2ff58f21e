{% macro condition_rows(seed, subject, owner, scorecard=none, event_type=none) %}
    {#- The rows of a rule file that state conditions, in the common form. -#}
    select
        '{{ seed }}' as seed,
        '{{ subject }}' as subject,
        {{ seed_cell(scorecard) if scorecard else "cast(null as " ~ dbt.type_string() ~ ")" }} as scorecard,
        {{ seed_cell(owner) }} as owner_id,
        {{ 'lower(' ~ seed_cell(event_type) ~ ')' if event_type
            else "cast(null as " ~ dbt.type_string() ~ ")" }} as event_type,
        lower({{ seed_cell('field') }}) as field,
        lower({{ seed_cell('operator') }}) as operator,
        {{ seed_cell('value') }} as operand
    from {{ ref(seed) }}
{%- endmacro %}
