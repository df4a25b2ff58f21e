{% macro problem_message(where, expected, found, remedy) %}
    {{- return('[lead_scoring] ' ~ where ~ ': expected ' ~ expected ~ ', found ' ~ found ~ '. ' ~ remedy) -}}
{% endmacro %}
