{%- set columns = raw_columns('raw_firmographics') -%}

with

cells as (

    select
        {{- raw_cells('raw_firmographics', columns) }}
    from {{ raw_relation('raw_firmographics', columns) }}

),

read_rows as (

    select
        {{- field_columns('raw_firmographics', 'account', columns) }}
        {{- contract_columns('raw_firmographics', columns) }}
    from cells

),

ranked_rows as (

    select
        *,
        count(*) over (partition by account_id) as record_count,
        row_number() over (
            partition by account_id
            order by
                {{- deciding_order('raw_firmographics', 'account', 'updated_at') }}
        ) as record_rank
    from read_rows
    where account_id is not null

)

select
    account_id,
    company_name,
    domain,
    industry,
    technologies,
    country,
    employee_count,
    annual_revenue,
    growth_rate,
    location_count,
    {%- for field in declared_fields('account') %}
    {{ field_column(field.column) }},
    {%- endfor %}
    record_count,
    is_deleted,
    updated_at
from ranked_rows
where record_rank = 1
