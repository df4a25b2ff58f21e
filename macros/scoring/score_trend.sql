{% macro score_trend(now, week_ago, month_ago) %}
    {#- Where an engagement score is going: the last week decides, and if it was quiet, the last month. -#}
    {{- adapter.dispatch('score_trend', 'lead_scoring')(now, week_ago, month_ago) -}}
{%- endmacro %}

{% macro default__score_trend(now, week_ago, month_ago) %}
    {%- set least = var('trend_points') %}
    case
        when {{ week_ago }} is null then 'new'
        when {{ now }} - {{ week_ago }} >= {{ least }} then 'rising'
        when {{ now }} - {{ week_ago }} <= -{{ least }} then 'falling'
        when {{ now }} - {{ month_ago }} >= {{ least }} then 'rising'
        when {{ now }} - {{ month_ago }} <= -{{ least }} then 'falling'
        else 'steady'
    end
{%- endmacro %}
