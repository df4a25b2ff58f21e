{% macro foreseen_days(earned_by) %}
    {#-
        Part of weigh_rule_points: what counted_days gives on later dates, in as few rows as give the same points.

        Points that halve, halve together: those of a rule are summed as of today and then age as one. A day whose
        points will have ended on a date has no row for it.
    -#}
    {%- set age_today = age_days('activity.event_date', as_of_date()) -%}
    {%- set halves = "(rules.decay_kind = 'exponential' and rules.decay_floor = 0 and activity.as_of_date is null and "
        ~ age_today ~ " >= rules.decay_delay_days)" %}
    select
        days.lead_id,
        lead_scorecards.as_of_date,
        days.match_count,
        days.age_today + lead_scorecards.days_ahead as age_days,
        days.rule_number,
        rules.within_days,
        {%- if earned_by == 'event' %}
        days.points,
        {%- else %}
        rules.points,
        {%- endif %}
        rules.decay_kind,
        rules.decay_days,
        rules.decay_percent,
        rules.decay_delay_days,
        rules.decay_floor
    from (
        {% if earned_by == 'event' -%}
        select
            activity.lead_id,
            rules.scorecard,
            rules.rule_number,
            cast(null as date) as as_of_date,
            cast(rules.decay_delay_days as {{ type_double() }}) as age_today,
            1 as match_count,
            cast(sum(cast(
                rules.points * {{ capped_count() }} * {{ decay_factor(age_today) }} as {{ type_exact_points() }}
            )) as {{ type_double() }}) as points
        from activity
        inner join rules
            on activity.condition_id = rules.condition_id
        where
            rules.score = 'engagement'
            and rules.earned_by = 'event'
            and {{ halves }}
        group by
            activity.lead_id,
            rules.scorecard,
            rules.rule_number,
            rules.decay_delay_days

        union all

        {% endif -%}
        select
            activity.lead_id,
            rules.scorecard,
            rules.rule_number,
            activity.as_of_date,
            {{ age_today }} as age_today,
            {{ capped_count() }} as match_count,
            rules.points
        from activity
        inner join rules
            on activity.condition_id = rules.condition_id
        where
            rules.score = 'engagement'
            and rules.earned_by = '{{ earned_by }}'
            and coalesce({{ age_today }} + 1 < rules.lasts_days, true)
            {%- if earned_by == 'event' %}
            and not {{ halves }}
            {%- endif %}
    ) as days
    inner join rules
        on days.rule_number = rules.rule_number
    inner join lead_scorecards
        on
            days.lead_id = lead_scorecards.lead_id
            and days.scorecard = lead_scorecards.scorecard
            and coalesce(days.as_of_date, lead_scorecards.as_of_date) = lead_scorecards.as_of_date
            and coalesce(days.age_today + lead_scorecards.days_ahead < rules.lasts_days, true)
{%- endmacro %}
