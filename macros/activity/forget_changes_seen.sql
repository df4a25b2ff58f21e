{% macro forget_changes_seen() %}
    {#- Before further days are logged: drops those that each model that needs them has worked off. -#}
    {%- set seen = [] -%}
    {%- for name in activity_rollups() -%}
        {%- set kept = kept_relation(name) -%}
        {%- if kept -%}
            {%- do seen.append('select coalesce(max(change_number), 0) as change_number from ' ~ kept) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if is_incremental() and seen and not flags.EMPTY -%}
    delete from {{ this }}
    where change_number <= (
        select min(change_number)
        from ({{ seen | join(' union all ') }}) as seen
    )
    {%- else -%}
    select 1 as nothing_seen
    {%- endif -%}
{%- endmacro %}
