{% macro utc_timestamp(expression) %}
    {#- A zoned timestamp as UTC without a zone. -#}
    {{- adapter.dispatch('utc_timestamp', 'lead_scoring')(expression) -}}
{%- endmacro %}

{#- Snowflake's conversion keeps the zone, which the cast leaves out. -#}
{% macro snowflake__utc_timestamp(expression) %}
    cast(convert_timezone('UTC', {{ expression }}) as timestamp_ntz)
{%- endmacro %}

{% macro default__utc_timestamp(expression) %}
    ({{ expression }} at time zone 'UTC')
{%- endmacro %}

{#- The time zone of the session is UTC. -#}
{% macro spark__utc_timestamp(expression) %}
    {{- expression -}}
{%- endmacro %}
