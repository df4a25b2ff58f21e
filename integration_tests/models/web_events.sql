select
    cast(hit_number as {{ dbt.type_string() }}) as event_id,
    contact as lead_id,
    case when path = '/order' then 'order_form' else 'other_page' end as event_type,
    happened_at as occurred_at,
    happened_at as loaded_at
from {{ source('crm', 'page_hits') }}
