{% macro default__combined_score(fit_score, engagement_score, fit_weight, engagement_weight) %}
    {#- Replaces the package's mean: whoever lacks one of the two is no good lead, whatever the other is. -#}
    sqrt({{ fit_score }} * {{ engagement_score }})
{% endmacro %}
