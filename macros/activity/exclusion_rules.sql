{% macro exclusion_rules() %}
    {#-
        A relation of one row: exclusion_rules_key says by which exclusions events are judged, and as of which date if
        one of them looks at an age.
    -#}
    {%- set text = dbt.type_string() -%}
    select
        {{ text_fingerprint(
            "coalesce(" ~ joined_text("conditions.owner_id || chr(31) || cast(conditions.condition_id as " ~ text ~ ")",
            "chr(30)") ~ ", '') || case when max(case when clauses.is_dated then 1 else 0 end) = 1 then '"
            ~ as_of_text() ~ "' else '' end"
        ) }} as exclusion_rules_key
    from {{ named(ref('int_conditions_keyed'), 'conditions') }}
    left join (
        select distinct
            condition_id,
            is_dated
        from {{ ref('int_condition_clauses') }}
        where subject = 'exclusion'
    ) as clauses
        on conditions.condition_id = clauses.condition_id
    where conditions.seed = 'event_exclusions'
{%- endmacro %}
