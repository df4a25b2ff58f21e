{{ config(
    materialized='incremental',
    incremental_strategy=strategy_like('delete+insert'),
    unique_key='sync_key',
    on_schema_change='append_new_columns',
    full_refresh=false,
    post_hook="{{ forget_removed_leads() }}",
) }}

{%- set text = dbt.type_string() %}

with

scores as (

    select
        {{ dbt.hash("lead_id || chr(31) || scorecard") }} as sync_key,
        lead_id,
        scorecard,
        {{ published_columns() | join(',\n        ') }}
    from {{ ref('lead_scores') }}

),

published as (

    {% if is_incremental() and (not flags.EMPTY or model.resource_type == 'unit_test') -%}
    select * from {{ this }}
    {%- else -%}
    select
        scores.*,
        'new' as change_type,
        0 as change_number
    from scores
    where 1 = 0
    {%- endif %}

),

last_change as (

    select coalesce(max(change_number), 0) as change_number
    from published

),

scores_compared as (

    select
        scores.*,
        published.sync_key is null as is_new,
        {{- changed_columns('scores', 'published') }}
            as changed_columns
    from scores
    left join published
        on
            scores.sync_key = published.sync_key
            and published.change_type <> 'removed'

),

-- Of a lead that is gone only the key is left, so that a sync can remove it elsewhere.
removals as (

    select
        published.sync_key,
        published.scorecard
    from published
    left join scores
        on published.sync_key = scores.sync_key
    where
        scores.sync_key is null
        and published.change_type <> 'removed'

),

changes as (

    select
        sync_key,
        lead_id,
        scorecard,
        case when is_new then 'new' else 'changed' end as change_type,
        case when not is_new then substr(changed_columns, 2) end as changed_columns,
        {{ published_columns() | join(',\n        ') }}
    from scores_compared
    where
        is_new
        or changed_columns <> ''

    union all

    select
        sync_key,
        cast(null as {{ text }}) as lead_id,
        scorecard,
        'removed' as change_type,
        cast(null as {{ text }}) as changed_columns,
        null as {{ published_columns() | join(',\n        null as ') }}
    from removals

)

select
    changes.sync_key,
    changes.lead_id,
    changes.scorecard,
    changes.change_type,
    changes.changed_columns,
    changes.fit_band,
    changes.engagement_band,
    changes.lead_band,
    changes.score_label,
    changes.stage,
    changes.next_action,
    changes.qualified_stage,
    changes.score_trend,
    changes.top_reason_1,
    changes.top_reason_2,
    changes.top_reason_3,
    changes.fit_score,
    changes.engagement_score,
    changes.lead_score,
    cast(1 + last_change.change_number as {{ dbt.type_int() }}) as change_number,
    changes.is_mql,
    changes.is_sql,
    changes.is_suppressed,
    changes.is_customer,
    cast({{ as_of_date() }} as {{ dbt.type_timestamp() }}) as changed_at,
    changes.qualified_since,
    changes.cools_on
from changes
cross join last_change
