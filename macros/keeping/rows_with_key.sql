{% macro rows_with_key(query, due, key) %}
    {#- The rows of a query, one or more for a lead and date, with the key of what they are made of; null if due is none. -#}
with

made as (

    {{ query }}

)

{%- if due %},

due as (

    select
        lead_id,
        as_of_date,
        {{ key }}
    from {{ due }}

)

select
    made.*,
    due.{{ key }}
from made
inner join due
    on
        made.lead_id = due.lead_id
        and made.as_of_date = due.as_of_date
{%- else %}

select
    made.*,
    cast(null as {{ dbt.type_bigint() }}) as {{ key }}
from made
{%- endif %}
{%- endmacro %}
