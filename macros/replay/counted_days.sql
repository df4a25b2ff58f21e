{% macro counted_days(earned_by) %}
    {#- Part of weigh_rule_points. A query for each kind of rule, so that no engine stores the rows of both. -#}
    select
        activity.lead_id,
        lead_scorecards.as_of_date,
        activity.event_date,
        {{ capped_count() }} as match_count,
        {{ age_days('activity.event_date', 'lead_scorecards.as_of_date') }} as age_days,
        rules.rule_number,
        rules.within_days,
        rules.points,
        rules.decay_kind,
        rules.decay_days,
        rules.decay_percent,
        rules.decay_delay_days,
        rules.decay_floor
    from activity
    inner join rules
        on activity.condition_id = rules.condition_id
    inner join lead_scorecards
        on
            activity.lead_id = lead_scorecards.lead_id
            and rules.scorecard = lead_scorecards.scorecard
            and activity.event_date <= lead_scorecards.as_of_date
            and coalesce(activity.as_of_date, lead_scorecards.as_of_date) = lead_scorecards.as_of_date
    where
        rules.score = 'engagement'
        and rules.earned_by = '{{ earned_by }}'
{%- endmacro %}
