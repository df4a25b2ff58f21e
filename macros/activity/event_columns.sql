{% macro event_columns(own_channel='own_channel') %}
    {#- The columns of an event that its raw row alone decides, without ids. -#}
    {%- set columns = [
        'raw_event_type', 'page_path', own_channel, 'campaign', 'content_topic', 'device',
    ] -%}
    {%- for field in declared_fields('event') if field.value != field.name -%}
        {%- do columns.append(field.value) -%}
    {%- endfor -%}
    {{- return(columns + ['duration_seconds', 'value', 'is_deleted', 'occurred_at', 'loaded_at']) -}}
{% endmacro %}
