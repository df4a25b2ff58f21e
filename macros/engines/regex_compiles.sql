{% macro regex_compiles(pattern) %}
    {#- Whether the engine itself takes the pattern, where it can be asked without failing. -#}
    {{- adapter.dispatch('regex_compiles', 'lead_scoring')(pattern) -}}
{%- endmacro %}

{% macro default__regex_compiles(pattern) %}true{% endmacro %}

{% macro duckdb__regex_compiles(pattern) %}
    try(regexp_matches({{ pattern }}, {{ pattern }}, 'i')) is not null
{%- endmacro %}

{#- A function of register_functions: only there an error can be caught. -#}
{% macro postgres__regex_compiles(pattern) %}
    {{ adapter.quote(target.schema) }}.lead_scoring_regex_compiles({{ pattern }})
{%- endmacro %}
