{% macro regex_found(text, pattern) %}
    {#- Whether the pattern is found anywhere, case ignored. -#}
    {{- adapter.dispatch('regex_found', 'lead_scoring')(text, pattern) -}}
{%- endmacro %}

{% macro default__regex_found(text, pattern) %}
    regexp_matches({{ text }}, {{ pattern }}, 'i')
{%- endmacro %}

{% macro postgres__regex_found(text, pattern) %}
    {{ text }} ~* {{ pattern }}
{%- endmacro %}

{#- Java's own idea of letters and of line ends is another one than that of the others. -#}
{% macro spark__regex_found(text, pattern) %}
    {{ text }} rlike concat('(?iud)', {{ pattern }})
{%- endmacro %}

{% macro snowflake__regex_found(text, pattern) %}
    (regexp_instr({{ text }}, {{ pattern }}, 1, 1, 0, 'i') > 0)
{%- endmacro %}

{% macro bigquery__regex_found(text, pattern) %}
    regexp_contains({{ text }}, concat('(?i)', {{ pattern }}))
{%- endmacro %}
