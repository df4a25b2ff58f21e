{% macro forget_touched_days() %}
    {#- Before a model rolls up the touched days anew: drops what it made of them before. -#}
    {%- set changes = ref('int_event_days_touched') -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where exists (
        select 1
        from ({{ touched_days() }}) as touched
        where
            touched.lead_id = {{ this }}.lead_id
            and touched.event_date = {{ this }}.event_date
    )
    {%- else -%}
    select 1 as nothing_touched
    {%- endif -%}
{%- endmacro %}
