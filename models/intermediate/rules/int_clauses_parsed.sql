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

member_cells as (

    select
        number_lists.operand,
        {{ trimmed(nth_part('number_lists.operand', "'|'", 'places.place')) }} as member
    from number_lists
    inner join places
        on places.place <= 1 + length(number_lists.operand) - length(replace(number_lists.operand, '|', ''))

),

-- Members of number lists in the engine's own notation, so that 1 and 1.0 are the same member.
number_members as (

    select
        operand,
        {{ parse_number('member') }} as member
    from member_cells
    where member is not null

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

split_rows as (

    select
        *,
        {{ trimmed(text_part('operand', '|', 1)) }} as low_cell,
        {{ trimmed(text_part('operand', '|', 2)) }} as high_cell
    from typed_rows

),

parsed_rows as (

    select
        split_rows.seed,
        split_rows.subject,
        split_rows.vocabulary,
        split_rows.scorecard,
        split_rows.owner_id,
        split_rows.event_type,
        split_rows.field,
        split_rows.field_type,
        split_rows.operator,
        split_rows.operand,
        case when split_rows.operator = 'matches' then split_rows.operand else lower(split_rows.operand) end
            as text_operand,
        case
            when split_rows.field_type = 'number' then canonical_number_lists.list_operand
            else {{ parse_list('split_rows.operand') }}
        end as list_operand,
        coalesce(
            canonical_number_lists.member_count > canonical_number_lists.number_count, false
        ) as has_broken_member,
        {{ parse_number('split_rows.low_cell') }} as number_operand,
        {{ parse_number('split_rows.high_cell') }} as number_operand_high,
        cast({{ parse_timestamp('split_rows.low_cell') }} as date) as date_operand,
        cast({{ parse_timestamp('split_rows.high_cell') }} as date) as date_operand_high,
        coalesce(
            1 + length(split_rows.operand) - length(replace(split_rows.operand, '|', '')), 0
        ) as member_count,
        split_rows.row_count,
        split_rows.line_number
    from split_rows
    left join canonical_number_lists
        on
            split_rows.operand = canonical_number_lists.operand
            and split_rows.field_type = 'number'
            and split_rows.operator in ('in', 'not_in')

)

select
    *,
    member_count > {{ most_members }} as has_too_many_members
from parsed_rows
