{% macro forget_lost_conditions() %}
    {#-
        Before events are matched: drops conditions that no rule has any more, and those on ages, which are matched
        anew for the dates of each run.
    -#}
    {%- if is_incremental() and not flags.EMPTY -%}
    delete from {{ this }}
    where
        condition_id is not null
        and condition_id not in (
            select condition_id from {{ ref('int_condition_clauses') }}
            where
                subject = 'event'
                and not is_dated
        )
    {%- else -%}
    select 1 as nothing_lost
    {%- endif -%}
{%- endmacro %}
