{% macro forget_changed_events() %}
    {#- Before the events that have changed are stored: drops what was stored of them. -#}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where event_key in (select event_key from {{ ref('int_events_changed') }})
    {%- else -%}
    select 1 as nothing_changed
    {%- endif -%}
{%- endmacro %}
