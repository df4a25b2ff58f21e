{% macro end_of_texts(end, expression) %}
    {#- The first (min) or last (max) text of a group, in the order of their bytes. -#}
    {{- adapter.dispatch('end_of_texts', 'lead_scoring')(end, expression) -}}
{%- endmacro %}

{% macro default__end_of_texts(end, expression) %}
    {{- end }}({{ bytewise(expression) }})
{%- endmacro %}

{#- Postgres compares no texts of different collations, so that the result has the one that all others have. -#}
{% macro postgres__end_of_texts(end, expression) %}
    {{- end }}({{ bytewise(expression) }}) collate "default"
{%- endmacro %}
