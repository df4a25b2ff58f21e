{%- set columns = raw_columns('raw_conversions') -%}

with

cells as (

    select
        {{- raw_cells('raw_conversions', columns) }}
    from {{ raw_relation('raw_conversions', columns) }}

),

read_rows as (

    select
        {{- contract_columns('raw_conversions', columns) }}
    from cells

),

ranked_rows as (

    select
        *,
        count(*) over (partition by conversion_id) as record_count,
        row_number() over (
            partition by conversion_id
            order by
                {{- deciding_order('raw_conversions', none) }}
        ) as record_rank
    from read_rows
    where conversion_id is not null

),

-- A conversion without an id is an outcome of its own.
deciding_rows as (

    select * from ranked_rows
    where record_rank = 1

    union all

    select
        *,
        1 as record_count,
        1 as record_rank
    from read_rows
    where conversion_id is null

)

select
    conversion_id,
    lead_id,
    lower(conversion_type) as conversion_type,
    amount,
    record_count,
    is_deleted,
    converted_at
from deciding_rows
where not {{ is_erased('lead_id') }}
