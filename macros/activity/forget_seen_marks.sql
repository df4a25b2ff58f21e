{% macro forget_seen_marks() %}
    {#- After a model has marked how far it has seen the changes: drops the older marks. -#}
    {%- if flags.EMPTY -%}
    select 1 as nothing_seen
    {%- else -%}
    delete from {{ this }}
    where
        lead_id is null
        and (
            change_number is null
            or change_number < (
                select max(change_number)
                from {{ this }}
            )
        )
    {%- endif -%}
{%- endmacro %}
