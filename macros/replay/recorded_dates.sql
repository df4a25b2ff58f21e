{% macro recorded_dates() %}
    {#-
        The dates that the history holds so far, as a relation: score_date, run_date. The model that keeps them is built
        after all that is recorded, so it is read here as the last complete run left it.
    -#}
    {%- set kept = kept_relation('int_dates_recorded') -%}
    select
        {%- if kept %}
        score_date,
        run_date
    from {{ kept }}
        {%- else %}
        cast(null as date) as score_date,
        cast(null as date) as run_date
    where 1 = 0
        {%- endif %}
{%- endmacro %}
