{%- set text = dbt.type_string() -%}

with

event_catalog as (

    select
        lower({{ seed_cell('raw_event_type') }}) as raw_event_type,
        lower({{ seed_cell('event_type') }}) as event_type,
        {{ seed_cell('is_engagement') }} as is_engagement,
        line_number
    from {{ ref('event_catalog') }}

),

journey_steps as (

    select
        lower({{ seed_cell('field') }}) as field,
        lower({{ seed_cell('value') }}) as field_value,
        lower({{ seed_cell('step') }}) as step,
        line_number
    from {{ ref('journey_steps') }}

),

journey_rows as (

    select
        *,
        coalesce(field, '(blank)') || ' ' || coalesce(field_value, '(blank)') as item
    from journey_steps

),

problems as (

    -- Events.

    select
        {{ rule_problem(
            "'event_catalog.csv'", 'max(line_number)', 'raw_event_type',
            "'each raw_event_type once (case does not count)'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Fill it in, or remove all rows but one.'",
            column='raw_event_type'
        ) }}
    from event_catalog
    group by raw_event_type
    having count(*) > 1 or raw_event_type is null

    union all

    select
        {{ rule_problem(
            "'event_catalog.csv'", 'line_number', 'raw_event_type',
            "'an event_type other than *, and is_engagement true, false or blank'",
            "coalesce(event_type, '') || '|' || coalesce(is_engagement, '')", "'Correct the row.'"
        ) }}
    from event_catalog
    where
        coalesce(event_type, '*') = '*'
        or (is_engagement is not null and {{ parse_boolean('is_engagement') }} is null)

    union all

    -- Steps on the way to a purchase.

    select
        {{ rule_problem(
            "'journey_steps.csv'", 'line_number', 'item', "'field event_type or content_topic'", 'field',
            "'Correct the field.'",
            column='field'
        ) }}
    from journey_rows
    where not {{ is_allowed('field', 'journey_field') }}

    union all

    select
        {{ rule_problem(
            "'journey_steps.csv'", 'line_number', 'item', "'step awareness, consideration or decision'", 'step',
            "'Correct the step.'",
            column='step'
        ) }}
    from journey_rows
    where not {{ is_allowed('step', 'journey_step') }}

    union all

    select
        {{ rule_problem(
            "'journey_steps.csv'", 'line_number', 'item', "'a value'", 'field_value',
            "'Name the event type or topic.'",
            column='value'
        ) }}
    from journey_rows
    where field_value is null

    union all

    select
        {{ rule_problem(
            "'journey_steps.csv'", 'line_number', 'item', "'an event type of event_catalog.csv'", 'field_value',
            "'Correct it, or add the type to the catalogue.'",
            column='value'
        ) }}
    from journey_rows
    where
        field = 'event_type'
        and field_value is not null
        and not exists (
            select 1
            from event_catalog
            where journey_rows.field_value = event_catalog.event_type
        )

    union all

    select
        {{ rule_problem(
            "'journey_steps.csv'", 'max(line_number)', 'item', "'one row for each value (case does not count)'",
            "cast(count(*) as " ~ text ~ ") || ' rows'", "'Remove all rows but one.'"
        ) }}
    from journey_rows
    where field_value is not null
    group by item
    having count(*) > 1

    union all

    -- Erasures.

    select
        {{ rule_problem(
            "'erasures.csv'", 'line_number', seed_cell('lead_id'), "'a lead_id in each row'",
            'cast(null as ' ~ text ~ ')', "'Fill it in, or remove the row.'",
            column='lead_id'
        ) }}
    from {{ ref('erasures') }}
    where {{ seed_cell('lead_id') }} is null

    union all

    select
        {{ rule_problem(
            "'erasures.csv'", 'line_number', "'lead_id'", "'md5: and the 32 hex digits of the MD5 digest of an id'",
            seed_cell('lead_id'), "'Correct it, or write the id itself.'",
            column='lead_id'
        ) }}
    from {{ ref('erasures') }}
    where
        {{ is_digest(seed_cell('lead_id')) }}
        and not {{ regex_found('lower(' ~ seed_cell('lead_id') ~ ')', "'^md5:[0-9a-f]{32}$'") }}

)

{{ shown_problems('problems') }}
