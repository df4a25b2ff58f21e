with

profiles as (

    select * from {{ ref('int_profiles_joined') }}

),

fields_used as (

    select distinct
        rules.scorecard,
        clauses.field
    from {{ named(ref('int_rules_unioned'), 'rules') }}
    inner join {{ named(ref('int_condition_clauses'), 'clauses') }}
        on rules.condition_id = clauses.condition_id
    where rules.score = 'fit'

),

lead_fields as (

    select
        profiles.lead_id,
        fields_used.scorecard,
        case fields_used.field
            -- A case needs a branch, also where no field is declared.
            when '' then 0
            {%- for field in declared_fields('profile') %}
            when '{{ field.name }}' then case when profiles.{{ field.value }} is null then 0 else 1 end
            {%- endfor %}
            else 0
        end as is_known
    from profiles
    cross join fields_used

)

select
    lead_id,
    scorecard,
    cast(sum(is_known) as {{ type_double() }}) / count(*) as fit_completeness
from lead_fields
group by
    lead_id,
    scorecard
