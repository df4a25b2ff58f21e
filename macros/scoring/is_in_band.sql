{% macro is_in_band(score, bands) %}
    {#- Whether a score lies in a range of score_band_ranges. -#}
    {{ score }} >= {{ bands }}.min_score
    and ({{ bands }}.next_min_score is null or {{ score }} < {{ bands }}.next_min_score)
{%- endmacro %}
