{% macro match_dated_conditions(traits, lead_dates=none) %}
    {#- Conditions whose outcome depends on the date: on traits, and on the age of dates. -#}
with

profiles as (

    select * from {{ ref('int_profiles_joined') }}

),

traits as (

    {% if lead_dates -%}
    select traits.*
    from {{ named(traits, 'traits') }}
    inner join {{ named(lead_dates, 'lead_dates') }}
        on
            traits.lead_id = lead_dates.lead_id
            and traits.as_of_date = lead_dates.as_of_date
    {%- else -%}
    select * from {{ traits }}
    {%- endif %}

),

clauses as (

    select * from {{ ref('int_condition_clauses') }}
    where
        subject = 'profile'
        and is_dated

),

dated_profiles as (

    select
        traits.lead_id,
        traits.as_of_date,
        {%- for field in declared_fields('profile') %}
        profiles.{{ field.value }},
        {%- endfor %}
        {%- for trait in declared_fields('trait') %}
        traits.{{ trait.value }}{{ ',' if not loop.last }}
        {%- endfor %}
    from traits
    inner join profiles
        on traits.lead_id = profiles.lead_id

),

clause_inputs as (

    select
        dated_profiles.lead_id,
        dated_profiles.as_of_date,
        clauses.condition_id,
        {{- clause_columns(declared_fields('profile') + declared_fields('trait'), 'dated_profiles', 'clauses') }}
    from dated_profiles
    cross join clauses

),

clauses_evaluated as (

    select
        lead_id,
        as_of_date,
        condition_id,
        {{- field_is_known() }} as is_known,
        {{- clause_holds() }} as holds
    from clause_inputs

),

conditions_evaluated as (

    select
        lead_id,
        as_of_date,
        condition_id,
        {{- condition_outcome() }}
    from clauses_evaluated
    group by
        lead_id,
        as_of_date,
        condition_id

)

select
    lead_id,
    as_of_date,
    condition_id,
    is_matched,
    is_open
from conditions_evaluated
where
    is_matched
    or is_open
{%- endmacro %}
