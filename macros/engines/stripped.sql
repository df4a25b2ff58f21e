{% macro stripped(text, characters) %}
    {#- The text without any of the characters at its ends. -#}
    {{- adapter.dispatch('stripped', 'lead_scoring')(text, characters) -}}
{%- endmacro %}

{% macro default__stripped(text, characters) -%}
    trim(both ({{ characters }}) from {{ text }})
{%- endmacro %}

{#- These have the standard's words for spaces only, or not at all. -#}
{% macro snowflake__stripped(text, characters) -%}
    trim({{ text }}, {{ characters }})
{%- endmacro %}

{% macro bigquery__stripped(text, characters) -%}
    trim({{ text }}, {{ characters }})
{%- endmacro %}
