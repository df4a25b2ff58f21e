{% macro score_label(fit_band, engagement_band) %}
    {#- The two bands as one label, such as A1. -#}
    {{- adapter.dispatch('score_label', 'lead_scoring')(fit_band, engagement_band) -}}
{%- endmacro %}

{% macro default__score_label(fit_band, engagement_band) -%}
    {{ fit_band }} || {{ engagement_band }}
{%- endmacro %}
