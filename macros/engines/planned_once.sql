{% macro planned_once() %}
    {#- At the end of a part of a query that others read more than once, and that reads all rows of another part. -#}
    {{- adapter.dispatch('planned_once', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__planned_once() %}{% endmacro %}

{#-
    Spark puts the text of a part into every place that reads it, and a few levels of that are more than it can plan. It
    plans a part by itself if it could give other rows each time.
-#}
{% macro spark__planned_once() %}
    where rand() >= 0
{%- endmacro %}
