{% macro last_change_number() %}
    {#- The number of the latest change that any table knows of, as a relation: change_number. -#}
    {%- set known = [] -%}
    {%- for name in activity_rollups() + ['int_event_days_touched'] -%}
        {%- set kept = kept_relation(name) -%}
        {%- if kept -%} {%- do known.append(kept) -%} {%- endif -%}
    {%- endfor -%}
    select coalesce(max(change_number), 0) as change_number
    from (
        select cast(0 as bigint) as change_number
        {%- for kept in known %}
        union all
        select max(change_number) as change_number from {{ kept }}
        {%- endfor %}
    ) as numbers
{%- endmacro %}
