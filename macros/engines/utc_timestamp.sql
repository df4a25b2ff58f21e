{% macro utc_timestamp(expression) %}
    {#- A zoned timestamp as UTC without a zone. -#}
    {{- adapter.dispatch('utc_timestamp', 'lead_scoring')(expression) -}}
{%- endmacro %}

{% macro default__utc_timestamp(expression) %}
    ({{ expression }} at time zone 'UTC')
{%- endmacro %}

{#- The time zone of the session is UTC. -#}
{% macro spark__utc_timestamp(expression) %}
    {{- expression -}}
{%- endmacro %}
