{% macro deciding_events(unread_from=none, read_before=none) %}
    {#-
        SQL of a relation, one row per event: of the rows of raw_events loaded since unread_from, or nobody knows when,
        the one that decides. Later runs need not read rows loaded before read_from again; settled_others counts those of them
        that do not decide.
    -#}
    {%- set columns = raw_columns('raw_events') -%}
    {%- set read_before = read_before or "cast('0001-01-01' as " ~ dbt.type_timestamp() ~ ")" -%}
    {%- set tolerance = -(var('loaded_at_tolerance_minutes') | int) -%}
    {%- set last_loaded_at = 'max(case when loaded_at < ' ~ end_of_as_of_date() ~ ' then loaded_at end)' %}
    {#- All rows are too wide to be kept meanwhile; those that are new are few. -#}
    {%- set how_kept = '' if unread_from else inlined() -%}
with

cells as {{ how_kept }} (

    select
        {{- raw_cells('raw_events', columns) }}
    from {{ raw_relation('raw_events', columns) }}
    {%- if unread_from %}
    -- Asked here, so that no work is done on rows that are not read.
    where coalesce({{ raw_loaded_at(columns) }} >= {{ unread_from }}, true)
    {%- endif %}

),

read_rows as {{ how_kept }} (

    select
        {{- field_columns('raw_events', 'event', columns) }}
        {{- contract_columns('raw_events', columns) }}
    from cells

),

-- A clock that runs ahead must not hide what comes after: times beyond the as-of date move nothing.
loads as (

    select
        case
            when {{ dbt.dateadd('minute', tolerance, last_loaded_at) }} > {{ read_before }}
                then {{ dbt.dateadd('minute', tolerance, last_loaded_at) }}
            else {{ read_before }}
        end as read_from
    from read_rows

),

-- Few ids come more than once, so only those are ranked.
repeated_ids as (

    select
        event_id as repeated_event_id,
        count(*) as record_count,
        sum(case when loaded_at < (select read_from from loads) then 1 else 0 end) as settled_count
    from read_rows
    where event_id is not null
    group by event_id
    having count(*) > 1

),

repeated_cells as (

    select
        cells.*,
        repeated_ids.record_count,
        repeated_ids.settled_count
    from cells
    inner join repeated_ids
        on {{ raw_value(columns, 'event_id', 'id') }} = repeated_ids.repeated_event_id

),

repeated_rows as (

    select
        {{- field_columns('raw_events', 'event', columns) }}
        {{- contract_columns('raw_events', columns) }},
        record_count,
        settled_count
    from repeated_cells

),

ranked_rows as (

    select
        *,
        row_number() over (
            partition by event_id
            order by
                {{- deciding_order('raw_events', 'event', 'loaded_at') }}
        ) as record_rank
    from repeated_rows

),

rows_without_id as (

    select
        *,
        {{ dbt.hash(event_text()) }} as digest
    from read_rows
    where event_id is null

),

-- An event without an id is an event of its own, known by what its row holds and its number among equal ones.
deciding_rows as (

    select
        ranked_rows.*,
        ranked_rows.event_id as event_key
    from ranked_rows
    where ranked_rows.record_rank = 1

    union all

    select
        read_rows.*,
        1 as record_count,
        case when read_rows.loaded_at < (select read_from from loads) then 1 else 0 end as settled_count,
        1 as record_rank,
        read_rows.event_id as event_key
    from read_rows
    left join repeated_ids
        on read_rows.event_id = repeated_ids.repeated_event_id
    where
        read_rows.event_id is not null
        and repeated_ids.repeated_event_id is null

    union all

    select
        {%- for field in declared_fields('event') if field.value != field.name %}
        {{ field.value }},
        {%- if field.type == 'text' and field.column not in raw_tables()['raw_events'].columns %}
        {{ 'written_' ~ field.column }},
        {%- endif %}
        {%- endfor %}
        {%- for name in raw_tables()['raw_events'].columns %}
        {{ name }},
        {%- endfor %}
        is_deleted,
        1 as record_count,
        case when loaded_at < (select read_from from loads) then 1 else 0 end as settled_count,
        1 as record_rank,
        chr(31) || digest || chr(31)
        || cast(row_number() over (partition by digest order by digest) as {{ dbt.type_string() }}) as event_key
    from rows_without_id

)

select
    deciding_rows.event_key,
    deciding_rows.event_id,
    deciding_rows.lead_id,
    deciding_rows.anonymous_id,
    lower(deciding_rows.event_type) as raw_event_type,
    lower(deciding_rows.page_path) as page_path,
    lower(deciding_rows.channel) as channel,
    lower(deciding_rows.campaign) as campaign,
    lower(deciding_rows.content_topic) as content_topic,
    lower(deciding_rows.device) as device,
    deciding_rows.duration_seconds,
    deciding_rows.value,
    {%- for field in declared_fields('event') if field.value != field.name %}
    deciding_rows.{{ field.value }},
    {%- endfor %}
    cast(deciding_rows.record_count as bigint) as record_count,
    cast(
        deciding_rows.settled_count - case when deciding_rows.loaded_at < loads.read_from then 1 else 0 end as bigint
    ) as settled_others,
    deciding_rows.is_deleted,
    deciding_rows.occurred_at,
    deciding_rows.loaded_at,
    loads.read_from
from deciding_rows
cross join loads
{%- endmacro %}
