{#-
    Replaces dbt's macro of this name, which places a table where the config location_root says. Without that, tables
    get places of their own: Spark writes over what a killed run has left there, and refuses to do so in the places
    that it chooses itself.
-#}
{% macro location_clause() %}
    {{- return(adapter.dispatch('location_clause', 'lead_scoring')()) -}}
{% endmacro %}

{% macro default__location_clause() %}
    {{- return(lead_scoring.macro_of_dbt('location_clause')()) -}}
{% endmacro %}

{% macro spark__location_clause() %}
    {%- if config.get('location_root') is not none -%}
        {{- return(lead_scoring.macro_of_dbt('location_clause')()) -}}
    {%- endif -%}
    {{- return("location '" ~ lead_scoring.table_places(this)[0] ~ "'") -}}
{% endmacro %}
