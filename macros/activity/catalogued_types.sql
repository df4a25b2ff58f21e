{% macro catalogued_types() %}
    {#- The event catalogue as it compares, as a relation. -#}
    select
        lower({{ seed_cell('raw_event_type') }}) as raw_event_type,
        lower({{ seed_cell('event_type') }}) as event_type,
        lower({{ seed_cell('channel') }}) as channel,
        {{ parse_boolean(seed_cell('is_engagement')) }} as is_engagement
    from {{ ref('event_catalog') }}
{%- endmacro %}
