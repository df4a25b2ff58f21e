{% macro exclusion_fields() %}
    {#- Exclusions look at the declared event columns and at the catalogued event type. -#}
    {{- return(
        declared_fields('event') | rejectattr('name', 'eq', 'event_type') | list
        + [{'name': 'event_type', 'type': 'text', 'value': 'event_type'}]
    ) -}}
{% endmacro %}
