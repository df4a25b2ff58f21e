{%- set text = dbt.type_string() -%}

with

clauses as (

    select
        clauses_parsed.*,
        clauses_parsed.seed || '.csv' as file_name,
        coalesce(clauses_parsed.owner_id, 'a row without an id') || ', field '
        || coalesce(clauses_parsed.field, '(blank)') as item
    from {{ named(ref('int_clauses_parsed'), 'clauses_parsed') }}

),

operator_catalog as (

    {{ operator_catalog() }}

),

problems as (

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item',
            "'an id in each row'", 'cast(null as ' ~ text ~ ')', "'Give the row an id.'"
        ) }}
    from clauses
    where owner_id is null

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item', "'a field that is declared'", 'field',
            "case when vocabulary = 'behavior' then 'Correct the name; behaviour rules look at traits only.'"
            " else 'Correct the name, or declare the column in the vars of dbt_project.yml ('"
            " || case when subject = 'profile' then 'lead_fields, account_fields' else 'event_fields' end"
            " || case when seed = 'fit_rules' then '); traits belong into behavior_rules.csv.' else ').' end end",
            column='field'
        ) }}
    from clauses
    where
        field_type is null
        and (field is not null or operator is not null or operand is not null or subject <> 'event')

    union all

    select
        {{ rule_problem(
            'clauses.file_name', 'clauses.line_number', 'clauses.item',
            "'an operator for a ' || clauses.field_type || ' field'",
            'clauses.operator', "'Use one that SCORING lists for this type; see docs/rules_reference.md.'",
            column='operator'
        ) }}
    from clauses
    left join operator_catalog
        on
            clauses.field_type = operator_catalog.field_type
            and clauses.operator = operator_catalog.operator
    where
        clauses.field_type is not null
        and operator_catalog.operator is null

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item', "'a value for ' || operator", 'operand',
            "'Fill in the value.'",
            column='value'
        ) }}
    from clauses
    where
        operator not in ('is_known', 'is_unknown', 'is_true', 'is_false')
        and (
            operand is null
            or (operator in ('in', 'not_in') and list_operand is null)
        )

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item',
            "'no value for ' || operator", 'operand', "'Empty the value.'",
            column='value'
        ) }}
    from clauses
    where
        operator in ('is_known', 'is_unknown', 'is_true', 'is_false')
        and operand is not null

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item', "'a number'", 'operand', "'Write it like 1200 or 0.5.'",
            column='value'
        ) }}
    from clauses
    where
        (
            (field_type = 'number' and operator in ('equals', 'not_equals', '>', '>=', '<', '<='))
            or (field_type = 'date' and operator in ('within_days', 'older_than_days'))
        )
        and operand is not null
        and (number_operand is null or member_count > 1)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item',
            "'numbers joined by |'", 'operand', "'Write them like 1|2|3.'",
            column='value'
        ) }}
    from clauses
    where has_broken_member

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item',
            "'at most 1000 members'", "cast(member_count as " ~ text ~ ")",
            "'Make another rule for the rest.'",
            column='value'
        ) }}
    from clauses
    where
        has_too_many_members
        and operator in ('in', 'not_in')

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item',
            "'an ISO date'", 'operand', "'Write it like 2026-01-31.'",
            column='value'
        ) }}
    from clauses
    where
        field_type = 'date'
        and operator in ('>', '>=', '<', '<=')
        and operand is not null
        and (date_operand is null or member_count > 1)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item', "'a range low|high with low <= high'", 'operand',
            "'Write both ends, such as 200|2000 or 2026-01-01|2026-01-31.'",
            column='value'
        ) }}
    from clauses
    where
        operator = 'between'
        and operand is not null
        and (
            member_count <> 2
            or (
                field_type = 'number'
                and not coalesce(number_operand <= number_operand_high, false)
            )
            or (
                field_type = 'date'
                and not coalesce(date_operand <= date_operand_high, false)
            )
        )

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item',
            "'one member'", 'operand', "'Use the operator in for several.'",
            column='value'
        ) }}
    from clauses
    where
        field_type = 'list'
        and operator = 'contains'
        and (member_count > 1 or list_operand is null)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'item',
            "'a regular expression of the supported kind'", 'operand',
            "'Use literals, classes, ^ $, ? * + {m,n}, groups, | and ' || chr(92) || 'd ' || chr(92) || 'w '"
                ~ " || chr(92) || 's only.'",
            column='value'
        ) }}
    from clauses
    where
        operator = 'matches'
        and operand is not null
        and not {{ is_supported_regex('operand') }}

    {% for seed, id in {'suppressions': 'suppression_id', 'event_exclusions': 'exclusion_id'}.items() %}
    union all

    select
        {{ rule_problem(
            "'" ~ seed ~ ".csv'", 'min(line_number)', seed_cell(id), "'one reason'",
            "cast(count(distinct " ~ seed_cell('reason') ~ ") as " ~ text ~ ") || ' different'",
            "'Write the same reason in each row.'",
            column='reason'
        ) }}
    from {{ ref(seed) }}
    group by {{ seed_cell(id) }}
    having
        count(distinct {{ seed_cell('reason') }}) <> 1
        or count(*) > count({{ seed_cell('reason') }})

    {% endfor %}

)

{{ shown_problems('problems') }}
