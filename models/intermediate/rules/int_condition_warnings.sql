-- depends_on: {{ ref('int_rule_problems') }}
{% set text = dbt.type_string() %}

with

clauses as (

    select
        seed,
        seed || '.csv' as file_name,
        vocabulary,
        coalesce(scorecard, '') as scorecard,
        owner_id,
        field,
        field_type,
        operator,
        operand,
        text_operand,
        list_operand,
        number_operand,
        number_operand_high,
        date_operand,
        date_operand_high,
        row_count,
        line_number,
        owner_id || coalesce(', field ' || field, '') as item
    from {{ ref('int_clauses_parsed') }}

),

trait_ranges as (

    {% for trait, (least, greatest) in trait_ranges().items() -%}
    select
        '{{ trait }}' as trait,
        cast({{ least if least is not none else 'null' }} as {{ type_double() }}) as lowest,
        cast({{ greatest if greatest is not none else 'null' }} as {{ type_double() }}) as highest
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- What a clause leaves of the numbers or dates, each end with whether it belongs to it.
{% for kind in ['number', 'date'] %}
{{ kind }}_bounds as (

    select
        seed,
        file_name,
        vocabulary,
        scorecard,
        owner_id,
        field,
        line_number,
        case when operator in ('>', '>=', 'equals', 'between') then {{ kind }}_operand end as low,
        case
            when operator in ('<', '<=', 'equals') then {{ kind }}_operand
            when operator = 'between' then {{ kind }}_operand_high
        end as high,
        operator = '>' as is_above_low,
        operator = '<' as is_below_high
    from clauses
    where
        field_type = '{{ kind }}'
        and operator in ('>', '>=', '<', '<=', 'equals', 'between')

),

{{ kind }}_ranges as (

    select
        low_bounds.file_name,
        low_bounds.owner_id,
        low_bounds.field,
        max(high_bounds.line_number) as high_line_number,
        max(low_bounds.line_number) as low_line_number
    from {{ kind }}_bounds as low_bounds
    inner join {{ kind }}_bounds as high_bounds
        on
            low_bounds.seed = high_bounds.seed
            and low_bounds.scorecard = high_bounds.scorecard
            and low_bounds.owner_id = high_bounds.owner_id
            and low_bounds.field = high_bounds.field
    where
        low_bounds.low > high_bounds.high
        or (
            low_bounds.low = high_bounds.high
            and (low_bounds.is_above_low or high_bounds.is_below_high)
        )
    group by
        low_bounds.file_name,
        low_bounds.scorecard,
        low_bounds.owner_id,
        low_bounds.field

),

{% endfor %}
trait_clauses as (

    select
        number_bounds.*,
        trait_ranges.lowest,
        trait_ranges.highest
    from number_bounds
    inner join trait_ranges
        on number_bounds.field = trait_ranges.trait
    where number_bounds.vocabulary in ('behavior', 'audience')

),

-- Pairs of clauses of one condition on one field.
clause_pairs as (

    select
        clauses.file_name,
        clauses.item,
        clauses.field_type,
        clauses.operator,
        clauses.text_operand,
        clauses.list_operand,
        other_clauses.operator as other_operator,
        other_clauses.text_operand as other_text_operand,
        other_clauses.list_operand as other_list_operand,
        clauses.line_number
    from clauses
    inner join clauses as other_clauses
        on
            clauses.seed = other_clauses.seed
            and clauses.scorecard = other_clauses.scorecard
            and clauses.owner_id = other_clauses.owner_id
            and clauses.field = other_clauses.field

),

sensitive_words as (

    {% for word, kind in sensitive_words().items() -%}
    select
        '{{ word }}' as word,
        '{{ kind }}' as kind
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

outcome_words as (

    {% for word in outcome_words() -%}
    select '{{ word }}' as word
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

warnings as (

    select
        {{ rule_problem(
            'file_name', 'max(line_number)', 'item', "'each condition once'",
            "cast(sum(row_count) as " ~ text ~ ") || ' rows that say the same'", "'Remove all rows but one.'"
        ) }}
    from clauses
    group by
        file_name,
        scorecard,
        owner_id,
        item,
        operator,
        text_operand
    having sum(row_count) > 1

    {% for kind in ['number', 'date'] %}
    union all

    select
        {{ rule_problem(
            'file_name', 'greatest(low_line_number, high_line_number)', "owner_id || ', field ' || field",
            "'conditions that can hold together'", "'a lower limit above the upper one'",
            "'It never holds: correct the limits, or make two rules of it.'",
            column='value'
        ) }}
    from {{ kind }}_ranges

    {% endfor %}
    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item', "'conditions that can hold together'",
            "operator || ' and ' || other_operator",
            "'It never holds: remove one of the rows, or make two rules of it.'",
            column='operator'
        ) }}
    from clause_pairs
    where
        (operator = 'is_unknown' and other_operator <> 'is_unknown')
        or (operator = 'is_true' and other_operator = 'is_false')
        or (
            field_type = 'text'
            and operator = 'equals'
            and (
                (other_operator = 'equals' and text_operand <> other_text_operand)
                or (other_operator = 'not_equals' and text_operand = other_text_operand)
                or (other_operator = 'in' and not {{ is_list_member('text_operand', 'other_list_operand') }})
                or (other_operator = 'not_in' and {{ is_list_member('text_operand', 'other_list_operand') }})
            )
        )

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', "owner_id || ', field ' || field",
            "'a limit that ' || field || ' can be on either side of'",
            "'one that it never reaches'", "'The condition never holds: correct the value.'",
            column='value'
        ) }}
    from trait_clauses
    where
        high < lowest
        or low > highest
        or (high = lowest and is_below_high)
        or (low = highest and is_above_low)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', "owner_id || ', field ' || field",
            "'a limit that ' || field || ' can be on either side of'",
            "'one that each value meets'", "'The condition holds wherever the trait is known: correct the value.'",
            column='value'
        ) }}
    from trait_clauses
    where
        coalesce(low < lowest or (low = lowest and not is_above_low), low is null)
        and coalesce(high > highest or (high = highest and not is_below_high), high is null)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item', "'a number of days above 0'", 'operand',
            "case when operator = 'within_days' then 'It never holds: correct the number.'"
            " else 'It holds for every day up to the date of the run: correct the number.' end",
            column='value'
        ) }}
    from clauses
    where
        operator in ('within_days', 'older_than_days')
        and number_operand <= 0

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item', "'a pattern that some texts do not match'", 'operand',
            "'It holds for every text that is known: use is_known, or correct it.'",
            column='value'
        ) }}
    from clauses
    where
        operator = 'matches'
        -- What other operators look for need not be a pattern, and engines choose what they evaluate first.
        and {{ regex_found(
            "''", "case when " ~ is_supported_regex('text_operand') ~ " then text_operand end"
        ) }}

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item', "'a text without | for ' || operator", 'operand',
            "'Use in or not_in for a list; here the | is a character like any other.'",
            column='value'
        ) }}
    from clauses
    where
        field_type = 'text'
        and operator in ('equals', 'not_equals', 'contains', 'starts_with', 'ends_with')
        and {{ dbt.position("'|'", 'operand') }} > 0

    union all

    select
        {{ rule_problem(
            'clauses.file_name', 'min(clauses.line_number)', 'clauses.item',
            "'rules on what a lead does and needs'", "max(sensitive_words.kind)",
            "'Take the rule out, or show that it is fair: compare the scores and outcomes of the groups it tells apart.'",
            column='field'
        ) }}
    from clauses
    inner join sensitive_words
        on {{ dbt.position("'_' || sensitive_words.word || '_'", "'_' || clauses.field || '_'") }} > 0
    where clauses.seed in ('fit_rules', 'behavior_rules', 'engagement_rules', 'suppressions')
    group by
        clauses.file_name,
        clauses.item

    union all

    select
        {{ rule_problem(
            'clauses.file_name', 'min(clauses.line_number)', 'clauses.item',
            "'points on what is known before the outcome'", 'clauses.field',
            "'If sales fills the column in later, it tells the past and not the future: take the rule out.'",
            column='field'
        ) }}
    from clauses
    inner join outcome_words
        on {{ dbt.position("'_' || outcome_words.word || '_'", "'_' || clauses.field || '_'") }} > 0
    where clauses.seed in ('fit_rules', 'behavior_rules', 'engagement_rules')
    group by
        clauses.file_name,
        clauses.item,
        clauses.field

)

{{ shown_problems('warnings') }}
