{%- set columns = {} %}
{%- for table in raw_tables() %}
{%- do columns.update({table: raw_columns(table)}) %}
{%- endfor %}

with

leads as (

    select
        lead_id,
        account_id,
        record_count,
        is_deleted,
        created_at
    from {{ ref('stg_raw__leads') }}

),

accounts as (

    select
        account_id,
        record_count,
        is_deleted
    from {{ ref('stg_raw__accounts') }}

),

events as (

    select
        event_key,
        event_id,
        raw_event_type,
        record_count,
        is_catalogued,
        is_deleted
    from {{ ref('int_events_resolved') }}

),

events_left_out as (

    select
        event_key,
        event_id,
        exclusion_id,
        reason
    from {{ ref('int_events_left_out') }}

),

identities as (

    select
        anonymous_id,
        lead_id,
        record_count,
        is_deleted
    from {{ ref('stg_raw__identities') }}

),

conversions as (

    select
        conversion_id,
        lead_id,
        conversion_type,
        record_count,
        is_deleted,
        converted_at
    from {{ ref('stg_raw__conversions') }}

),

findings as (

    {% for table in raw_tables() %}
    {{- unreadable_cells(table, columns[table]) }}
    {%- endfor %}
    {% for table, contract in raw_tables().items() if contract.fields and columns[table] %}
    {%- for field in declared_fields(contract.fields)
        if field.column not in columns[table] and field.column not in contract.columns %}
    select
        '{{ table }}' as table_name,
        'missing_column' as issue,
        '{{ field.column }}' as detail,
        cast(count(*) as bigint) as affected_rows,
        cast(null as {{ dbt.type_string() }}) as first_example,
        cast(null as {{ dbt.type_string() }}) as last_example
    from {{ raw_relation(table, columns[table]) }}

    union all
    {% endfor %}
    {%- endfor %}
    {%- for table, id in {'raw_leads': 'lead_id', 'raw_firmographics': 'account_id'}.items()
        if id in columns[table] %}
    select
        {{ finding(table, 'no_id', "cast(null as " ~ dbt.type_string() ~ ")") }}
    from {{ raw_relation(table, columns[table]) }}
    where {{ clean_id(adapter.quote(columns[table][id].name), columns[table][id].kind) }} is null
    having count(*) > 0

    union all
    {% endfor %}
    {%- set identity_columns = columns['raw_identities'] %}
    {%- if 'lead_id' in identity_columns and 'anonymous_id' in identity_columns %}
    select
        {{ finding('raw_identities', 'no_id', "cast(null as " ~ dbt.type_string() ~ ")") }}
    from {{ raw_relation('raw_identities', identity_columns) }}
    where
        {{ clean_id(adapter.quote(identity_columns['lead_id'].name), identity_columns['lead_id'].kind) }} is null
        or {{ clean_id(adapter.quote(identity_columns['anonymous_id'].name), identity_columns['anonymous_id'].kind) }}
            is null
    having count(*) > 0

    union all
    {% endif %}
    select
        broken_lines.table_name,
        'broken_line' as issue,
        min(broken_lines.error) as detail,
        cast(count(*) as bigint) as affected_rows,
        'from line ' || cast(min(broken_lines.line) as {{ dbt.type_string() }}) as first_example,
        'from line ' || cast(min(broken_lines.line) as {{ dbt.type_string() }}) as last_example
    from {{ rejected_rows() }} as broken_lines
    group by broken_lines.table_name

    {% for table, relation, id in [
        ('raw_leads', 'leads', 'lead_id'), ('raw_firmographics', 'accounts', 'account_id'),
        ('raw_events', 'events', 'event_id'), ('raw_conversions', 'conversions', 'conversion_id'),
        ('raw_identities', 'identities', 'anonymous_id'),
    ] %}
    union all

    select
        {{ finding(
            table, 'superseded_link' if relation == 'identities' else 'duplicate',
            'case when not is_deleted then ' ~ id ~ ' end',
            count='coalesce(sum(record_count - 1), 0)'
        ) }}
    from {{ relation }}
    where record_count > 1
    having count(*) > 0

    {% if relation != 'events' -%}
    union all

    select
        {#- Leads that are gone are not named anywhere. #}
        {{ finding(
            table, 'deleted', id if table != 'raw_leads' else 'case when not is_deleted then lead_id end'
        ) }}
    from {{ relation }}
    where is_deleted
    having count(*) > 0

    {% endif %}
    {%- endfor %}
    union all

    select
        {{ finding('raw_leads', 'created_later', 'lead_id') }}
    from leads
    where
        not is_deleted
        and created_at >= {{ end_of_as_of_date() }}
    having count(*) > 0

    union all

    select
        {{ finding('raw_leads', 'unknown_account', 'leads.lead_id') }}
    from leads
    left join accounts
        on
            leads.account_id = accounts.account_id
            and not accounts.is_deleted
    where
        not leads.is_deleted
        and leads.account_id is not null
        and accounts.account_id is null
    having count(*) > 0

    union all

    select
        'raw_events' as table_name,
        reason as issue,
        exclusion_id as detail,
        cast(count(*) as bigint) as affected_rows,
        {{ end_of_texts('min', 'event_id') }} as first_example,
        {{ end_of_texts('max', 'event_id') }} as last_example
    from events_left_out
    group by
        reason,
        exclusion_id

    union all

    select
        {{ finding(
            'raw_events', 'uncatalogued_type', 'events.event_id',
            "coalesce(events.raw_event_type, '(blank)')"
        ) }}
    from events
    left join events_left_out
        on events.event_key = events_left_out.event_key
    where
        not events.is_catalogued
        and events_left_out.event_key is null
    group by events.raw_event_type

    {% for table, relation, id in [
        ('raw_identities', 'identities', 'anonymous_id'), ('raw_conversions', 'conversions', 'conversion_id'),
    ] %}
    union all

    select
        {{ finding(table, 'unknown_lead', relation ~ '.' ~ id) }}
    from {{ relation }}
    left join leads
        on
            {{ relation }}.lead_id = leads.lead_id
            and not leads.is_deleted
    where
        not {{ relation }}.is_deleted
        and leads.lead_id is null
        and {{ relation }}.lead_id is not null
    having count(*) > 0

    {% endfor %}
    union all

    select
        {{ finding('raw_conversions', 'no_lead', 'conversion_type') }}
    from conversions
    where
        lead_id is null
        and not is_deleted
    having count(*) > 0

    union all

    select
        {{ finding('raw_conversions', 'unknown_converted_at', 'conversion_id') }}
    from conversions
    where
        converted_at is null
        and not is_deleted
    having count(*) > 0

    union all

    select
        {{ finding('raw_conversions', 'unknown_conversion_type', 'conversion_id') }}
    from conversions
    where
        conversion_type is null
        and not is_deleted
    having count(*) > 0

    union all

    select
        {{ finding('raw_conversions', 'future', 'conversion_id') }}
    from conversions
    where
        not is_deleted
        and converted_at >= {{ end_of_as_of_date() }}
    having count(*) > 0

),

remedies as (

    {% for issue, texts in data_quality_remedies().items() -%}
    select
        '{{ issue }}' as issue,
        '{{ texts[0] }}' as description,
        '{{ texts[1] }}' as remedy
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    findings.table_name,
    findings.issue,
    findings.detail,
    remedies.description,
    remedies.remedy,
    case
        when findings.first_example = findings.last_example then findings.first_example
        else findings.first_example || ', ' || findings.last_example
    end as examples,
    findings.affected_rows,
    {{ as_of_date() }} as as_of_date
from findings
inner join remedies
    on findings.issue = remedies.issue
where findings.affected_rows > 0
