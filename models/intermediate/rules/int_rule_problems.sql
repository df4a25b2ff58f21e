{{ config(post_hook="{{ refuse_broken_rules() }}") }}

{%- set text = dbt.type_string() -%}
{%- set has_events = raw_columns('raw_events') | length > 0 -%}

with

clauses as (

    select
        clauses_parsed.*,
        clauses_parsed.seed || '.csv' as file_name,
        coalesce(clauses_parsed.owner_id, 'a row without an id') || ', field '
        || coalesce(clauses_parsed.field, '(blank)') as item
    from {{ ref('int_clauses_parsed') }} as clauses_parsed

),

operator_catalog as (

    {{ operator_catalog() }}

),

scorecards as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('fit_weight') }} as fit_weight,
        {{ seed_cell('engagement_weight') }} as engagement_weight,
        {{ seed_cell('fit_max_points') }} as fit_max_points,
        {{ seed_cell('engagement_max_points') }} as engagement_max_points
    from {{ ref('scorecards') }}

),

scorecard_references as (

    {% for seed in [
        'scorecard_audiences', 'fit_rules', 'behavior_rules', 'engagement_rules', 'category_caps', 'score_bands',
        'lead_stages', 'qualification_thresholds',
    ] -%}
    select distinct
        '{{ seed }}.csv' as file_name,
        {{ seed_cell('scorecard') }} as scorecard
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

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
        {% for column in ['event_type', 'decay', 'daily_cap', 'max_points', 'min_events', 'max_events', 'within_days'] -%}
        {{ seed_cell(column) if is_engagement else 'cast(null as ' ~ text ~ ')' }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ ref(seed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

rules_summarised as (

    select
        rule_id,
        min(file_name) as file_name,
        count(distinct file_name) as file_count,
        {% for column in [
            'scorecard', 'category', 'points', 'reason', 'event_type', 'decay', 'daily_cap', 'max_points',
            'min_events', 'max_events', 'within_days',
        ] -%}
        count(distinct coalesce({{ column }}, '')) as {{ column }}_count{{ ',' if not loop.last }}
        {% endfor -%}
    from rule_rows
    where rule_id is not null
    group by rule_id

),

event_catalog as (

    select
        lower({{ seed_cell('raw_event_type') }}) as raw_event_type,
        lower({{ seed_cell('event_type') }}) as event_type,
        {{ seed_cell('is_engagement') }} as is_engagement
    from {{ ref('event_catalog') }}

),

decay_curves as (

    select
        {{ seed_cell('decay') }} as decay,
        lower({{ seed_cell('kind') }}) as kind,
        {{ seed_cell('days') }} as days,
        {{ seed_cell('percent') }} as percent,
        {{ seed_cell('delay_days') }} as delay_days,
        {{ seed_cell('floor') }} as floor_share
    from {{ ref('decay_curves') }}

),

category_caps as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('category') }} as category,
        {{ seed_cell('min_points') }} as min_points,
        {{ seed_cell('max_points') }} as max_points
    from {{ ref('category_caps') }}

),

score_bands as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        lower({{ seed_cell('score') }}) as score,
        {{ seed_cell('band') }} as band,
        {{ seed_cell('min_score') }} as min_score
    from {{ ref('score_bands') }}

),

lead_stages as (

    select
        {{ seed_cell('scorecard') }} as scorecard,
        {{ seed_cell('fit_band') }} as fit_band,
        {{ seed_cell('engagement_band') }} as engagement_band,
        {{ seed_cell('stage') }} as stage
    from {{ ref('lead_stages') }}

),

problems as (

    -- Conditions: what a field, an operator and a value must be.

    select
        {{ rule_problem(
            'file_name', 'item', "'an id in each row'", 'cast(null as ' ~ text ~ ')', "'Give the row an id.'"
        ) }}
    from clauses
    where owner_id is null

    union all

    select
        {{ rule_problem(
            'file_name', 'item', "'a field that is declared'", 'field',
            "'Correct the name, or declare the column in the vars of dbt_project.yml ('
            || case when subject = 'profile' then 'lead_fields, account_fields' else 'event_fields' end
            || '); behavior_rules take traits, audiences and suppressions both.'"
        ) }}
    from clauses
    where
        field_type is null
        and (field is not null or operator is not null or operand is not null or subject <> 'event')

    union all

    select
        {{ rule_problem(
            'clauses.file_name', 'clauses.item', "'an operator for a ' || clauses.field_type || ' field'",
            'clauses.operator', "'Use one that SCORING lists for this type; see docs/rules_reference.md.'"
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
        {{ rule_problem('file_name', 'item', "'a value for ' || operator", 'operand', "'Fill in the value.'") }}
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
            'file_name', 'item', "'no value for ' || operator", 'operand', "'Empty the value.'"
        ) }}
    from clauses
    where
        operator in ('is_known', 'is_unknown', 'is_true', 'is_false')
        and operand is not null

    union all

    select
        {{ rule_problem('file_name', 'item', "'a number'", 'operand', "'Write it like 1200 or 0.5.'") }}
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
            'file_name', 'item', "'numbers joined by |'", 'operand', "'Write them like 1|2|3.'"
        ) }}
    from clauses
    where has_broken_member

    union all

    select
        {{ rule_problem(
            'file_name', 'item', "'at most 1000 members'", "cast(member_count as " ~ text ~ ")",
            "'Make another rule for the rest.'"
        ) }}
    from clauses
    where
        has_too_many_members
        and operator in ('in', 'not_in')

    union all

    select
        {{ rule_problem(
            'file_name', 'item', "'an ISO date'", 'operand', "'Write it like 2026-01-31.'"
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
            'file_name', 'item', "'a range low|high with low <= high'", 'operand',
            "'Write both ends, such as 200|2000 or 2026-01-01|2026-01-31.'"
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
            'file_name', 'item', "'one member'", 'operand', "'Use the operator in for several.'"
        ) }}
    from clauses
    where
        field_type = 'list'
        and operator = 'contains'
        and (member_count > 1 or list_operand is null)

    union all

    select
        {{ rule_problem(
            'file_name', 'item', "'a regular expression of the supported kind'", 'operand',
            "'Use literals, classes, ^ $, ? * + {m,n}, groups, | and \\d \\w \\s only.'"
        ) }}
    from clauses
    where
        operator = 'matches'
        and operand is not null
        and not {{ is_supported_regex('operand') }}

    union all

    -- Rules.

    select
        {{ rule_problem(
            'file_name', 'rule_id', "'points that are a number within 1000000 of 0'", 'points',
            "'Write them like 10, -5 or 2.5.'"
        ) }}
    from rule_rows
    where not coalesce(abs({{ parse_number('points') }}) <= 1000000, false)

    union all

    select
        {{ rule_problem(
            'file_name', 'rule_id', "'a reason'", 'reason',
            "'Write the sentence that a salesperson shall read.'"
        ) }}
    from rule_rows
    where reason is null

    union all

    select
        {{ rule_problem('file_name', 'rule_id', "'a category'", 'category', "'Name one.'") }}
    from rule_rows
    where category is null

    union all

    select
        {{ rule_problem(
            'file_name', 'rule_id', "'an id that does not begin with cap:'", 'rule_id',
            "'Choose another id: cap: marks rows that a cap makes.'"
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
            'file_name', 'rule_id',
            "'the same " ~ column ~ " in all rows of the rule'",
            "cast(" ~ column ~ "_count as " ~ text ~ ") || ' different'",
            "'Make them agree, or give one of the rules another id.'"
        ) }}
    from rules_summarised
    where {{ column }}_count > 1

    {% endfor %}
    union all

    select
        {{ rule_problem(
            'file_name', 'rule_id', "'an id in one file only'",
            "cast(file_count as " ~ text ~ ") || ' files'", "'Rename one of the rules.'"
        ) }}
    from rules_summarised
    where file_count > 1

    union all

    select
        {{ rule_problem(
            'rule_rows.file_name', 'rule_rows.rule_id', "'an event type of event_catalog.csv, or *'",
            'rule_rows.event_type', "'Correct it, or add the type to the catalogue.'"
        ) }}
    from rule_rows
    left join (select distinct event_type from event_catalog) as known_types
        on lower(rule_rows.event_type) = known_types.event_type
    where
        rule_rows.file_name = 'engagement_rules.csv'
        and coalesce(rule_rows.event_type, '') <> '*'
        and known_types.event_type is null

    union all

    select
        {{ rule_problem(
            'rule_rows.file_name', 'rule_rows.rule_id', "'a decay of decay_curves.csv, or none at all'",
            'rule_rows.decay', "'Correct it, or add the curve.'"
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
            'file_name', 'rule_id', "'a daily_cap above 0, or none'", 'daily_cap', "'Correct the number.'"
        ) }}
    from rule_rows
    where
        daily_cap is not null
        and not coalesce({{ parse_number('daily_cap') }} > 0, false)

    union all

    select
        {{ rule_problem(
            'file_name', 'rule_id', "'max_points that is a number, or none'", 'max_points', "'Correct the number.'"
        ) }}
    from rule_rows
    where
        max_points is not null
        and not coalesce(abs({{ parse_number('max_points') }}) <= 1000000000, false)

    union all

    select
        {{ rule_problem(
            'file_name', 'rule_id', "'within_days together with min_events, max_events or both, or none of the three'",
            "coalesce(min_events, '') || '|' || coalesce(max_events, '') || '|' || coalesce(within_days, '')",
            "'Fill in what lacks, or empty all three for a rule that counts each event.'"
        ) }}
    from rule_rows
    where (within_days is null) <> (min_events is null and max_events is null)

    union all

    select
        {{ rule_problem(
            'file_name', 'rule_id', "'within_days above 0 and 0 <= min_events <= max_events'",
            "coalesce(min_events, '') || '|' || coalesce(max_events, '') || '|' || coalesce(within_days, '')",
            "'Correct the numbers.'"
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
            'rule_rows.file_name', 'rule_rows.rule_id', "'min_events of at least 1 where a count window decays'",
            'rule_rows.min_events', "'Set min_events, or empty decay.'"
        ) }}
    from rule_rows
    inner join decay_curves
        on rule_rows.decay = decay_curves.decay
    where
        rule_rows.within_days is not null
        and decay_curves.kind <> 'none'
        and not coalesce({{ parse_number('rule_rows.min_events') }} >= 1, false)

    union all

    -- Scorecards, and what refers to them.

    select
        {{ rule_problem(
            'scorecard_references.file_name', 'scorecard_references.scorecard', "'a scorecard of scorecards.csv'",
            'scorecard_references.scorecard', "'Correct the name, or add the scorecard.'"
        ) }}
    from scorecard_references
    left join scorecards
        on scorecard_references.scorecard = scorecards.scorecard
    where scorecards.scorecard is null

    union all

    select
        {{ rule_problem(
            "'scorecards.csv'", 'scorecard', "'each scorecard once, with a name'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Name it, or remove all rows but one.'"
        ) }}
    from scorecards
    group by scorecard
    having count(*) > 1 or scorecard is null

    union all

    select
        {{ rule_problem(
            "'scorecards.csv'", 'scorecard', "'weights of at least 0 that are not both 0'",
            "coalesce(fit_weight, '') || '|' || coalesce(engagement_weight, '')", "'Correct the weights.'"
        ) }}
    from scorecards
    where
        not coalesce(
            {{ parse_number('fit_weight') }} >= 0
            and {{ parse_number('engagement_weight') }} >= 0
            and {{ parse_number('fit_weight') }} + {{ parse_number('engagement_weight') }} > 0,
            false
        )

    union all

    select
        {{ rule_problem(
            "'scorecards.csv'", 'scorecard', "'fit_max_points and engagement_max_points above 0'",
            "coalesce(fit_max_points, '') || '|' || coalesce(engagement_max_points, '')",
            "'Give the points that make a score of 100.'"
        ) }}
    from scorecards
    where
        not coalesce(
            {{ parse_number('fit_max_points') }} >= 0.000001
            and {{ parse_number('fit_max_points') }} <= 1000000000
            and {{ parse_number('engagement_max_points') }} >= 0.000001
            and {{ parse_number('engagement_max_points') }} <= 1000000000,
            false
        )

    union all

    select
        {{ rule_problem(
            "'category_caps.csv'", "scorecard || ', ' || coalesce(category, '(blank)')",
            "'score fit or engagement, a category, and min_points <= 0 <= max_points'",
            "coalesce(score, '') || ': ' || coalesce(min_points, '') || '|' || coalesce(max_points, '')",
            "'Correct the row; blank is unbounded.'"
        ) }}
    from category_caps
    where
        coalesce(score, '') not in ('fit', 'engagement')
        or category is null
        or (min_points is not null and not coalesce({{ parse_number('min_points') }} between -1e15 and 0, false))
        or (max_points is not null and not coalesce({{ parse_number('max_points') }} between 0 and 1e15, false))

    union all

    select
        {{ rule_problem(
            "'category_caps.csv'", "scorecard || ', ' || category", "'one row for each category'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Remove all rows but one.'"
        ) }}
    from category_caps
    group by
        scorecard,
        score,
        category
    having count(*) > 1

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", "scorecard || ', ' || coalesce(band, '(blank)')",
            "'score fit, engagement or lead, a band, and min_score from 0 to 100'",
            "coalesce(score, '') || ': ' || coalesce(min_score, '')", "'Correct the row.'"
        ) }}
    from score_bands
    where
        coalesce(score, '') not in ('fit', 'engagement', 'lead')
        or band is null
        or not coalesce({{ parse_number('min_score') }} between 0 and 100, false)

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", "scorecard || ', ' || score", "'bands with different names and min_scores'",
            "cast(count(*) as " ~ text ~ ") || ' rows, ' || cast(count(distinct band) as " ~ text
            ~ ") || ' names, ' || cast(count(distinct " ~ parse_number('min_score') ~ ") as " ~ text
            ~ ") || ' min_scores'", "'Remove or correct the row that stands twice.'"
        ) }}
    from score_bands
    group by
        scorecard,
        score
    having
        count(*) > count(distinct band)
        or count(*) > count(distinct {{ parse_number('min_score') }})

    union all

    select
        {{ rule_problem(
            "'score_bands.csv'", "scorecard || ', ' || score", "'a band that starts at 0'",
            "min(min_score)", "'Add one, so that every score has a band.'"
        ) }}
    from score_bands
    group by
        scorecard,
        score
    having coalesce(min({{ parse_number('min_score') }}), 1) > 0

    union all

    select
        {{ rule_problem(
            "'lead_stages.csv'", "lead_stages.scorecard || ', ' || coalesce(lead_stages.stage, '(blank)')",
            "'a stage, and bands of score_bands.csv'",
            "coalesce(lead_stages.fit_band, '') || '|' || coalesce(lead_stages.engagement_band, '')",
            "'Correct the row, or add the band.'"
        ) }}
    from lead_stages
    left join score_bands as fit_bands
        on
            lead_stages.scorecard = fit_bands.scorecard
            and lead_stages.fit_band = fit_bands.band
            and fit_bands.score = 'fit'
    left join score_bands as engagement_bands
        on
            lead_stages.scorecard = engagement_bands.scorecard
            and lead_stages.engagement_band = engagement_bands.band
            and engagement_bands.score = 'engagement'
    where
        fit_bands.band is null
        or engagement_bands.band is null
        or lead_stages.stage is null

    union all

    select
        {{ rule_problem(
            "'lead_stages.csv'", "scorecard || ', ' || fit_band || engagement_band",
            "'one stage for each pair of bands'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Remove all rows but one.'"
        ) }}
    from lead_stages
    group by
        scorecard,
        fit_band,
        engagement_band
    having count(*) > 1

    union all

    -- Curves, the catalogue, and reasons of what is left out.

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'decay',
            "'none, exponential, linear, stepped, compounding, window or hyperbolic'",
            'kind', "'Correct the kind.'"
        ) }}
    from decay_curves
    where
        coalesce(kind, '') not in (
            'none', 'exponential', 'linear', 'stepped', 'compounding', 'window', 'hyperbolic'
        )

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'decay', "'days above 0'", 'days',
            "'Give the half-life, lifespan or period in days.'"
        ) }}
    from decay_curves
    where
        coalesce(kind, '') <> 'none'
        and not coalesce({{ parse_number('days') }} > 0, false)

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'decay', "'percent from 0 to 100'", 'percent',
            "'Give what each whole period takes away.'"
        ) }}
    from decay_curves
    where
        kind in ('stepped', 'compounding')
        and not coalesce({{ parse_number('percent') }} between 0 and 100, false)

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'decay', "'delay_days of at least 0 and a floor from 0 to 1, or blanks'",
            "coalesce(delay_days, '') || '|' || coalesce(floor_share, '')", "'Correct the numbers.'"
        ) }}
    from decay_curves
    where
        (delay_days is not null and not coalesce({{ parse_number('delay_days') }} >= 0, false))
        or (floor_share is not null and not coalesce({{ parse_number('floor_share') }} between 0 and 1, false))

    union all

    select
        {{ rule_problem(
            "'decay_curves.csv'", 'decay', "'each curve once, with a name'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Name it, or remove all rows but one.'"
        ) }}
    from decay_curves
    group by decay
    having count(*) > 1 or decay is null

    union all

    select
        {{ rule_problem(
            "'event_catalog.csv'", 'raw_event_type', "'each raw_event_type once (case does not count)'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Fill it in, or remove all rows but one.'"
        ) }}
    from event_catalog
    group by raw_event_type
    having count(*) > 1 or raw_event_type is null

    union all

    select
        {{ rule_problem(
            "'event_catalog.csv'", 'raw_event_type', "'an event_type other than *, and is_engagement true, false or blank'",
            "coalesce(event_type, '') || '|' || coalesce(is_engagement, '')", "'Correct the row.'"
        ) }}
    from event_catalog
    where
        coalesce(event_type, '*') = '*'
        or (is_engagement is not null and {{ parse_boolean('is_engagement') }} is null)

    {% for seed, id in {'suppressions': 'suppression_id', 'event_exclusions': 'exclusion_id'}.items() %}
    union all

    select
        {{ rule_problem(
            "'" ~ seed ~ ".csv'", seed_cell(id), "'one reason'",
            "cast(count(distinct " ~ seed_cell('reason') ~ ") as " ~ text ~ ") || ' different'",
            "'Write the same reason in each row.'"
        ) }}
    from {{ ref(seed) }}
    group by {{ seed_cell(id) }}
    having
        count(distinct {{ seed_cell('reason') }}) <> 1
        or count(*) > count({{ seed_cell('reason') }})

    {% endfor %}
    {%- if not has_events %}
    union all

    select
        {{ rule_problem(
            "'engagement_rules.csv'", "'all rules'", "'events to match'", "'no table or file raw_events'",
            "'Provide it, with a header only if there are no events yet; or empty the file of rules.'"
        ) }}
    from rules_summarised
    where
        file_name = 'engagement_rules.csv'
        and {{ 'true' if not flags.EMPTY else 'false' }}
    having count(*) > 0
    {%- endif %}

)

select distinct
    seed as file_name,
    item,
    '[lead_scoring] ' || seed || ', ' || item || ': expected ' || expected || ', found ' || found || '. ' || remedy
        as message
from problems
