{% macro activity_rollups() %}
    {#- The models that keep what they made of the events of each lead and date. -#}
    {{- return(['int_activity_days_rolled', 'int_activity_matched', 'int_interests_rolled']) -}}
{% endmacro %}
