{% macro capped_count() %}
    {#- Part of weigh_rule_points: the events of a day that count for a rule. -#}
    case
            when activity.event_count > rules.daily_cap then rules.daily_cap
            else activity.event_count
        end
{%- endmacro %}
