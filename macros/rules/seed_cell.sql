{% macro seed_cell(column) %}
    {#- A cell of a rule file as text: trimmed, null where blank. -#}
    {{ lead_scoring.trimmed('cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')') }}
{%- endmacro %}
