{#- A list in a rule may have this many members; more are refused by int_rule_problems. -#}
{%- set most_members = 1000 -%}

with

condition_rows as (

    {{ condition_rows('fit_rules', 'fit', 'rule_id', 'scorecard') }}

    union all

    {{ condition_rows('behavior_rules', 'behavior', 'rule_id', 'scorecard') }}

    union all

    {{ condition_rows('engagement_rules', 'event', 'rule_id', 'scorecard', 'event_type') }}

    union all

    {{ condition_rows('scorecard_audiences', 'audience', 'scorecard', 'scorecard') }}

    union all

    {{ condition_rows('suppressions', 'audience', 'suppression_id') }}

    union all

    {{ condition_rows('buying_role_rules', 'fit', 'role_rule_id') }}

    union all

    {{ condition_rows('event_exclusions', 'exclusion', 'exclusion_id') }}

),

distinct_rows as (

    select
        seed,
        subject,
        vocabulary,
        scorecard,
        owner_id,
        event_type,
        field,
        operator,
        operand,
        count(*) as row_count,
        min(line_number) as line_number
    from condition_rows
    group by
        seed,
        subject,
        vocabulary,
        scorecard,
        owner_id,
        event_type,
        field,
        operator,
        operand

),

field_catalog as (

    {{ field_catalog() }}

),

typed_rows as (

    select
        distinct_rows.*,
        field_catalog.field_type
    from distinct_rows
    left join field_catalog
        on
            distinct_rows.vocabulary = field_catalog.vocabulary
            and distinct_rows.field = field_catalog.field

),

digits as (

    {% for digit in range(10) -%}
    select {{ digit }} as digit {{ 'union all' if not loop.last }}
    {% endfor %}

),

places as (

    select 1 + ones.digit + 10 * tens.digit + 100 * hundreds.digit as place
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds

),

number_lists as (

    select distinct operand
    from typed_rows
    where
        field_type = 'number'
        and operator in ('in', 'not_in')
        and operand is not null

),

-- Members of number lists in the engine's own notation, so that 1 and 1.0 are the same member.
number_members as (

    select
        number_lists.operand,
        {{ parse_number(trimmed(nth_part('number_lists.operand', "'|'", 'places.place'))) }} as member
    from number_lists
    inner join places
        on places.place <= 1 + length(number_lists.operand) - length(replace(number_lists.operand, '|', ''))
    where {{ trimmed(nth_part('number_lists.operand', "'|'", 'places.place')) }} is not null

),

canonical_number_lists as (

    select
        operand,
        '|' || {{ joined_text('cast(member as ' ~ dbt.type_string() ~ ')', "'|'") }} || '|' as list_operand,
        count(*) as member_count,
        count(member) as number_count
    from number_members
    group by operand

),

parsed_rows as (

    select
        typed_rows.seed,
        typed_rows.subject,
        typed_rows.vocabulary,
        typed_rows.scorecard,
        typed_rows.owner_id,
        typed_rows.event_type,
        typed_rows.field,
        typed_rows.field_type,
        typed_rows.operator,
        typed_rows.operand,
        case when typed_rows.operator = 'matches' then typed_rows.operand else lower(typed_rows.operand) end
            as text_operand,
        case
            when typed_rows.field_type = 'number' then canonical_number_lists.list_operand
            else {{ parse_list('typed_rows.operand') }}
        end as list_operand,
        coalesce(
            canonical_number_lists.member_count > canonical_number_lists.number_count, false
        ) as has_broken_member,
        {{ parse_number(trimmed(text_part('typed_rows.operand', '|', 1))) }} as number_operand,
        {{ parse_number(trimmed(text_part('typed_rows.operand', '|', 2))) }} as number_operand_high,
        cast({{ parse_timestamp(trimmed(text_part('typed_rows.operand', '|', 1))) }} as date) as date_operand,
        cast({{ parse_timestamp(trimmed(text_part('typed_rows.operand', '|', 2))) }} as date)
            as date_operand_high,
        coalesce(
            1 + length(typed_rows.operand) - length(replace(typed_rows.operand, '|', '')), 0
        ) as member_count,
        typed_rows.row_count,
        typed_rows.line_number
    from typed_rows
    left join canonical_number_lists
        on
            typed_rows.operand = canonical_number_lists.operand
            and typed_rows.field_type = 'number'
            and typed_rows.operator in ('in', 'not_in')

)

select
    *,
    member_count > {{ most_members }} as has_too_many_members
from parsed_rows
