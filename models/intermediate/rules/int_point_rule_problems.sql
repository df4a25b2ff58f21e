{%- set text = dbt.type_string() -%}
{%- set has_events = raw_columns('raw_events') | length > 0 -%}

with

rule_rows as (

    {% for seed in ['fit_rules', 'behavior_rules', 'engagement_rules'] -%}
    {%- set is_engagement = seed == 'engagement_rules' -%}
    select
        '{{ seed }}.csv' as file_name,
        {{ seed_cell('rule_id') }} as rule_id,
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('category') }} as category,
        {{ seed_cell('points') }} as points,
        {{ seed_cell('reason') }} as reason,
        {% for column in [
            'event_type', 'decay', 'daily_cap', 'max_points', 'min_events', 'max_events', 'within_days',
        ] -%}
        {{ seed_cell(column) if is_engagement else 'cast(null as ' ~ text ~ ')' }} as {{ column }},
        {% endfor -%}
        line_number
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

rules_summarised as (

    select
        file_name,
        rule_id,
        {% for column in [
            'scorecard', 'category', 'points', 'reason', 'event_type', 'decay', 'daily_cap', 'max_points',
            'min_events', 'max_events', 'within_days',
        ] -%}
        count(distinct coalesce({{ column }}, '')) as {{ column }}_count,
        min(coalesce({{ column }}, '(blank)')) as {{ column }}_least,
        max(coalesce({{ column }}, '(blank)')) as {{ column }}_greatest,
        {% endfor -%}
        count(*) over (partition by rule_id) as file_count,
        min(line_number) as line_number
    from rule_rows
    where rule_id is not null
    group by
        file_name,
        rule_id

),

event_types as (

    select distinct lower({{ seed_cell('event_type') }}) as event_type
    from {{ ref('event_catalog') }}

),

decay_curves as (

    select
        {{ seed_cell('decay') }} as decay,
        lower({{ seed_cell('kind') }}) as kind,
        {{ seed_cell('days') }} as days,
        {{ seed_cell('percent') }} as percent,
        {{ seed_cell('delay_days') }} as delay_days,
        {{ seed_cell('floor') }} as floor_share,
        line_number
    from {{ ref('decay_curves') }}

),

problems as (

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'points that are a number within 1000000 of 0'", 'points',
            "'Write them like 10, -5 or 2.5.'",
            column='points'
        ) }}
    from rule_rows
    where not coalesce(abs({{ parse_number('points') }}) <= 1000000, false)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'a reason'", 'reason',
            "'Write the sentence that a salesperson shall read.'",
            column='reason'
        ) }}
    from rule_rows
    where reason is null

    union all

    select
        {{ rule_problem('file_name', 'line_number', 'rule_id', "'a category'", 'category', "'Name one.'",
            column='category'
        ) }}
    from rule_rows
    where category is null

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'an id that does not begin with cap:'", 'rule_id',
            "'Choose another id: cap: marks rows that a cap makes.'",
            column='rule_id'
        ) }}
    from rule_rows
    where lower(rule_id) like 'cap:%'

    {% for column in [
        'scorecard', 'category', 'points', 'reason', 'event_type', 'decay', 'daily_cap', 'max_points',
        'min_events', 'max_events', 'within_days',
    ] %}
    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id',
            "'the same " ~ column ~ " in all rows of the rule'",
            column ~ "_least || ' and ' || " ~ column ~ "_greatest",
            "'Make them agree, or give one of the rules another id.'",
            column=column
        ) }}
    from rules_summarised
    where {{ column }}_count > 1

    {% endfor %}
    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'an id in one file only'",
            "cast(file_count as " ~ text ~ ") || ' files'", "'Rename one of the rules.'",
            column='rule_id'
        ) }}
    from rules_summarised
    where file_count > 1

    union all

    select
        {{ rule_problem(
            'rule_rows.file_name', 'rule_rows.line_number', 'rule_rows.rule_id', "'an event type of event_catalog.csv, or *'",
            'rule_rows.event_type', "'Correct it, or add the type to the catalogue.'",
            column='event_type'
        ) }}
    from rule_rows
    left join event_types
        on lower(rule_rows.event_type) = event_types.event_type
    where
        rule_rows.file_name = 'engagement_rules.csv'
        and coalesce(rule_rows.event_type, '') <> '*'
        and event_types.event_type is null

    union all

    select
        {{ rule_problem(
            'rule_rows.file_name', 'rule_rows.line_number', 'rule_rows.rule_id', "'a decay of decay_curves.csv, or none at all'",
            'rule_rows.decay', "'Correct it, or add the curve.'",
            column='decay'
        ) }}
    from rule_rows
    left join decay_curves
        on rule_rows.decay = decay_curves.decay
    where
        rule_rows.decay is not null
        and decay_curves.decay is null

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'a daily_cap above 0, or none'", 'daily_cap', "'Correct the number.'",
            column='daily_cap'
        ) }}
    from rule_rows
    where
        daily_cap is not null
        and not coalesce({{ parse_number('daily_cap') }} > 0, false)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'max_points that is a number, or none'", 'max_points', "'Correct the number.'",
            column='max_points'
        ) }}
    from rule_rows
    where
        max_points is not null
        and not coalesce(
            {{ parse_number('max_points') }} = 0
            or abs({{ parse_number('max_points') }}) between 0.000001 and 1000000000,
            false
        )

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'within_days together with min_events, max_events or both, or none of the three'",
            "coalesce(min_events, '') || '|' || coalesce(max_events, '') || '|' || coalesce(within_days, '')",
            "'Fill in what lacks, or empty all three for a rule that counts each event.'",
            column='within_days'
        ) }}
    from rule_rows
    where (within_days is null) <> (min_events is null and max_events is null)

    union all

    select
        {{ rule_problem(
            'file_name', 'line_number', 'rule_id', "'within_days above 0 and 0 <= min_events <= max_events'",
            "coalesce(min_events, '') || '|' || coalesce(max_events, '') || '|' || coalesce(within_days, '')",
            "'Correct the numbers.'",
            column='within_days'
        ) }}
    from rule_rows
    where
        (within_days is not null and not coalesce({{ parse_number('within_days') }} > 0, false))
        or (min_events is not null and not coalesce({{ parse_number('min_events') }} >= 0, false))
        or (max_events is not null and not coalesce({{ parse_number('max_events') }} >= 0, false))
        or coalesce({{ parse_number('min_events') }} > {{ parse_number('max_events') }}, false)

    union all

    select
        {{ rule_problem(
            'rule_rows.file_name', 'rule_rows.line_number', 'rule_rows.rule_id', "'min_events of at least 1 where a count window decays'",
            'rule_rows.min_events', "'Set min_events, or empty decay.'",
            column='min_events'
        ) }}
    from rule_rows
    inner join decay_curves
        on rule_rows.decay = decay_curves.decay
    where
        rule_rows.within_days is not null
        and decay_curves.kind <> 'none'
        and not coalesce({{ parse_number('rule_rows.min_events') }} >= 1, false)

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'line_number', 'decay',
            "'one of " ~ allowed_values('decay_kind') | join(', ') ~ "'", 'kind', "'Correct the kind.'",
            column='kind'
        ) }}
    from decay_curves
    where not {{ is_allowed('kind', 'decay_kind') }}

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'line_number', 'decay', "'days above 0, from 0.001 to 1000000'", 'days',
            "'Give the half-life, lifespan or period in days.'",
            column='days'
        ) }}
    from decay_curves
    where
        coalesce(kind, '') <> 'none'
        and not coalesce({{ parse_number('days') }} between 0.001 and 1000000, false)

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'line_number', 'decay', "'percent from 0 to 100'", 'percent',
            "'Give what each whole period takes away.'",
            column='percent'
        ) }}
    from decay_curves
    where
        kind in ('stepped', 'compounding')
        and not coalesce(
            {{ parse_number('percent') }} = 0
            or {{ parse_number('percent') }} between 0.000001 and 100,
            false
        )

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'line_number', 'decay', "'delay_days of at least 0 and a floor from 0 to 1, or blanks'",
            "coalesce(delay_days, '') || '|' || coalesce(floor_share, '')", "'Correct the numbers.'"
        ) }}
    from decay_curves
    where
        not coalesce({{ parse_number("coalesce(delay_days, '0')") }} between 0 and 1000000, false)
        or not coalesce({{ parse_number("coalesce(floor_share, '0')") }} between 0 and 1, false)

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'max(line_number)', 'decay', "'each curve once, with a name'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Name it, or remove all rows but one.'",
            column='decay'
        ) }}
    from decay_curves
    group by decay
    having count(*) > 1 or decay is null

    {%- if not has_events %}
    union all

    select
        {{ rule_problem(
            "'engagement_rules.csv'", 'min(line_number)', "'all rules'", "'events to match'", "'no table or file raw_events'",
            "'Provide it, with a header only if there are no events yet; or empty the file of rules.'"
        ) }}
    from rules_summarised
    where
        file_name = 'engagement_rules.csv'
        and {{ 'true' if not flags.EMPTY else 'false' }}
    having count(*) > 0
    {%- endif %}

)

{{ shown_problems('problems') }}
