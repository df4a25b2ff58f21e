{% macro top_reasons() %}
    {#- The three reasons of ranked_reasons that weigh most, as columns of a group. #}
    {%- for rank in [1, 2, 3] %}
        max(case when reason_rank = {{ rank }} then reason end) as top_reason_{{ rank }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
