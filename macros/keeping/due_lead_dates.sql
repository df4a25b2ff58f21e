{% macro due_lead_dates(lead_dates, name, key) %}
    {#-
        SQL of a relation: the leads and dates whose rows a model has to make, as what it keeps of earlier runs has none
        for them, or was made of something else.
    -#}
    {%- set is_whole = execute and is_whole_run(name) -%}
    {%- set kept = kept_relation(name) if is_whole and not (flags.FULL_REFRESH or flags.EMPTY) else none -%}
with

lead_dates as (

    select
        lead_id,
        as_of_date
    from {{ lead_dates }}

),

inputs as (

    select
        lead_id,
        {{ key }}
    from {{ ref('int_score_inputs_digested') }}

)

{%- if kept %},

rows_kept as (

    select distinct
        lead_id,
        as_of_date,
        {{ key }}
    from {{ kept }}

)
{%- endif %}

select
    lead_dates.lead_id,
    lead_dates.as_of_date,
    {{ 'inputs.' ~ key if is_whole else 'cast(null as ' ~ dbt.type_bigint() ~ ') as ' ~ key }}
from lead_dates
left join inputs
    on lead_dates.lead_id = inputs.lead_id
{%- if kept %}
left join rows_kept
    on
        lead_dates.lead_id = rows_kept.lead_id
        and lead_dates.as_of_date = rows_kept.as_of_date
        and inputs.{{ key }} = rows_kept.{{ key }}
where rows_kept.lead_id is null
{%- endif %}
{%- endmacro %}
