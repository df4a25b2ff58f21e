{% macro kept_events() %}
    {#- The events that earlier runs have stored; none if there are none yet, or this run reads all of them anew. -#}
    {{- return(none if flags.FULL_REFRESH or flags.EMPTY else kept_relation('int_events_resolved')) -}}
{% endmacro %}
