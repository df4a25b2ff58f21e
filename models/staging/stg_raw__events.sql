{%- set columns = raw_columns('raw_events') -%}

with

cells as (

    select
        {{- raw_cells('raw_events', columns) }}
    from {{ raw_relation('raw_events', columns) }} as raw_rows

),

read_rows as (

    select
        {{- field_columns('raw_events', 'event', columns) }}
        {{- contract_columns('raw_events', columns) }}
    from cells

),

-- Few ids come more than once, so only those are ranked.
repeated_ids as (

    select
        event_id as repeated_event_id,
        count(*) as record_count
    from read_rows
    where event_id is not null
    group by event_id
    having count(*) > 1

),

ranked_rows as (

    select
        read_rows.*,
        repeated_ids.record_count,
        row_number() over (
            partition by read_rows.event_id
            order by
                {{- deciding_order('raw_events', 'event', 'loaded_at') }}
        ) as record_rank
    from read_rows
    inner join repeated_ids
        on read_rows.event_id = repeated_ids.repeated_event_id

),

-- An event without an id is an event of its own.
deciding_rows as (

    select * from ranked_rows
    where record_rank = 1

    union all

    select
        read_rows.*,
        1 as record_count,
        1 as record_rank
    from read_rows
    left join repeated_ids
        on read_rows.event_id = repeated_ids.repeated_event_id
    where repeated_ids.repeated_event_id is null

)

select
    event_id,
    lead_id,
    anonymous_id,
    lower(event_type) as raw_event_type,
    lower(page_path) as page_path,
    lower(channel) as channel,
    lower(campaign) as campaign,
    lower(content_topic) as content_topic,
    lower(device) as device,
    duration_seconds,
    value,
    {%- for field in declared_fields('event') if field.value != field.name %}
    {{ field.value }},
    {%- endfor %}
    record_count,
    is_deleted,
    occurred_at,
    loaded_at
from deciding_rows
