{% macro pattern_found(text, pattern) %}
    {#- Whether the pattern in a column is found anywhere in a text, case ignored. -#}
    {{- adapter.dispatch('pattern_found', 'lead_scoring')(text, pattern) -}}
{%- endmacro %}

{% macro default__pattern_found(text, pattern) %}
    {{- regex_found(text, pattern) -}}
{%- endmacro %}

{#-
    DuckDB compiles a pattern that comes from a column again for each row, which takes some 300 times as long as a
    constant one. So remember_patterns puts the patterns into a variable of the session, whose members are
    constants to the planner; a pattern that is not among them is still matched, slowly.
-#}
{% macro duckdb__pattern_found(text, pattern) %}
    case {{ pattern }}
        {%- for place in range(1, 41) %}
        when getvariable('lead_scoring_patterns')[{{ place }}]
            then regexp_matches({{ text }}, getvariable('lead_scoring_patterns')[{{ place }}], 'i')
        {%- endfor %}
        else regexp_matches({{ text }}, {{ pattern }}, 'i')
    end
{%- endmacro %}
