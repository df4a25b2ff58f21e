{% macro strategy_like(strategy) %}
    {#- What the engine's adapter calls the strategy of an incremental model: append, or delete+insert. -#}
    {{- return(adapter.dispatch('strategy_like', 'lead_scoring')(strategy)) -}}
{%- endmacro %}

{% macro default__strategy_like(strategy) %}
    {{- return(strategy) -}}
{%- endmacro %}

{#- A merge without a unique key adds all rows, and one with a key replaces those that have it. -#}
{% macro bigquery__strategy_like(strategy) %}
    {{- return('merge') -}}
{%- endmacro %}
