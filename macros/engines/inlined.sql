{% macro inlined() %}
    {#-
        What stands before a query that is named in a with clause and read more than once, where each reader had better
        run it anew, for the columns that it needs, than keep all of its rows.
    -#}
    {{- adapter.dispatch('inlined', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__inlined() %} {%- endmacro %}

{% macro duckdb__inlined() -%} not materialized {%- endmacro %}
