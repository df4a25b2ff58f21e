{% macro regex_replaced(text, pattern, replacement) %}
    {#- Every occurrence of the pattern replaced. -#}
    {{- adapter.dispatch('regex_replaced', 'lead_scoring')(text, pattern, replacement) -}}
{%- endmacro %}

{% macro default__regex_replaced(text, pattern, replacement) %}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }})
{%- endmacro %}

{#- These replace the first occurrence only, unless told otherwise. -#}
{% macro duckdb__regex_replaced(text, pattern, replacement) %}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}

{% macro postgres__regex_replaced(text, pattern, replacement) %}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}
