{% macro entry_reasons(transitions) %}
    {#- The three reasons that weigh most on the date of each entry. #}
    with

    entries as (

        select distinct
            lead_id,
            scorecard,
            transition_date
        from {{ transitions }} as transitions
        where
            transition = 'entry'
            and not is_before

    ),

    entry_points as (

        select
            rule_points.lead_id,
            rule_points.scorecard,
            rule_points.as_of_date,
            rule_points.rule_id,
            rule_points.points,
            rule_points.reason
        from {{ named(ref('int_rule_points_weighed'), 'rule_points') }}
        inner join entries
            on
                rule_points.lead_id = entries.lead_id
                and rule_points.scorecard = entries.scorecard
                and rule_points.as_of_date = entries.transition_date

    ),

    ranked_reasons as (

        {{ ranked_reasons('entry_points') }}

    )

    select
        lead_id,
        scorecard,
        as_of_date,
        {{- top_reasons() }}
    from ranked_reasons
    group by
        lead_id,
        scorecard,
        as_of_date
{%- endmacro %}
