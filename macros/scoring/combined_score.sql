{% macro combined_score(fit_score, engagement_score, fit_weight, engagement_weight) %}
    {#- Fit and engagement as one score from 0 to 100, not yet rounded: their mean by the weights of the scorecard. -#}
    {{- adapter.dispatch('combined_score', 'lead_scoring')(fit_score, engagement_score, fit_weight, engagement_weight) -}}
{%- endmacro %}

{% macro default__combined_score(fit_score, engagement_score, fit_weight, engagement_weight) -%}
    ({{ fit_weight }} * {{ fit_score }} + {{ engagement_weight }} * {{ engagement_score }})
        / ({{ fit_weight }} + {{ engagement_weight }})
{%- endmacro %}
