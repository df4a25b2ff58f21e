{% macro forget_due_rows(lead_dates, due, name=none) %}
    {#-
        Before rows are added: drops those that are made anew, and those of leads and dates that are scored no more. All
        go where a selection may have left out what the list of due ones is made of, if the model is named.
    -#}
    {%- if not is_incremental() or flags.EMPTY -%}
    select 1 as nothing_kept
    {%- elif name and not is_whole_run(name) -%}
    delete from {{ this }}
    where 1 = 1
    {%- else -%}
    delete from {{ this }}
    where not exists (
        select 1
        from {{ named(lead_dates, 'lead_dates') }}
        left join {{ named(due, 'due') }}
            on
                lead_dates.lead_id = due.lead_id
                and lead_dates.as_of_date = due.as_of_date
        where
            lead_dates.lead_id = {{ this }}.lead_id
            and lead_dates.as_of_date = {{ this }}.as_of_date
            and due.lead_id is null
    )
    {%- endif -%}
{%- endmacro %}
