{%- set columns = raw_columns('raw_identities') -%}

with

cells as (

    select
        {{- raw_cells('raw_identities', columns) }}
    from {{ raw_relation('raw_identities', columns) }}

),

read_rows as (

    select
        {{- contract_columns('raw_identities', columns) }}
    from cells

),

ranked_rows as (

    select
        *,
        count(*) over (partition by anonymous_id) as record_count,
        row_number() over (
            partition by anonymous_id
            order by
                linked_at desc nulls last,
                case when is_deleted then 1 else 0 end desc,
                {{ bytewise('lead_id') }} asc
        ) as record_rank
    from read_rows
    where
        anonymous_id is not null
        and (lead_id is not null or is_deleted)

)

select
    anonymous_id,
    lead_id,
    record_count,
    is_deleted,
    linked_at
from ranked_rows
where
    record_rank = 1
    and not {{ is_erased('lead_id') }}
