{% macro register_functions() %}
    {#- At the start of a run: makes the functions that the models call and the engine lacks. -#}
    {{- adapter.dispatch('register_functions', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__register_functions() %}{% endmacro %}

{% macro postgres__register_functions() %}
    {%- if execute and flags.WHICH not in ['compile', 'generate', 'show'] -%}
    create or replace function {{ adapter.quote(target.schema) }}.lead_scoring_regex_compiles(pattern text)
    returns boolean
    language plpgsql
    immutable
    as $$
    begin
        return '' ~* pattern is not null;
    exception
        when invalid_regular_expression then
            return false;
    end
    $$
    {%- endif -%}
{%- endmacro %}
