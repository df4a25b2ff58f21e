{%- set columns = raw_columns('raw_leads') -%}

with

cells as (

    select
        {{- raw_cells('raw_leads', columns) }}
    from {{ raw_relation('raw_leads', columns) }}

),

read_rows as (

    select
        {{- field_columns('raw_leads', 'lead', columns) }}
        {{- contract_columns('raw_leads', columns) }}
    from cells

),

ranked_rows as (

    select
        *,
        count(*) over (partition by lead_id) as record_count,
        row_number() over (
            partition by lead_id
            order by
                {{- deciding_order('raw_leads', 'lead', 'updated_at') }}
        ) as record_rank
    from read_rows
    where
        lead_id is not null
        and not {{ is_erased('lead_id') }}

)

select
    lead_id,
    account_id,
    email,
    job_title,
    department,
    seniority,
    country,
    language,
    lead_source,
    campaign,
    {%- for field in declared_fields('lead') %}
    {{ field.value }},
    {%- endfor %}
    record_count,
    is_deleted,
    created_at,
    updated_at
from ranked_rows
where record_rank = 1
