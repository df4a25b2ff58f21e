{% macro reopen_dates() %}
    {#-
        Before the history is written: the dates that the run records anew no longer count as recorded, so that a run
        that dies half-way leaves them to the next one.
    -#}
    {%- set dates = ref('int_dates_scored') -%}
    {%- set kept = kept_relation('int_dates_recorded') if not flags.EMPTY else none -%}
    {%- if kept -%}
    {{ delete_rows(kept, 'score_date >= (select min(as_of_date) from ' ~ dates ~ ' where is_recorded)') }}
    {%- else -%}
    select 1 as nothing_recorded
    {%- endif -%}
{%- endmacro %}
