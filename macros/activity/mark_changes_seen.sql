{% macro mark_changes_seen() %}
    {#-
        After a model has rolled up the touched days: a row without a lead says how far it has seen the changes. It never
        goes back, also where all changes have been seen and forgotten, so that no number is given twice.
    -#}
    {%- if flags.EMPTY -%}
    select 1 as nothing_seen
    {%- else -%}
    insert into {{ this }} (change_number)
    select changes.change_number
    from (
        select coalesce(max(change_number), 0) as change_number
        from {{ ref('int_event_days_touched') }}
    ) as changes
    where
        changes.change_number > (
            select coalesce(max(change_number), -1)
            from {{ this }}
        )
    {%- endif -%}
{%- endmacro %}
