{% macro text_fingerprint(expression) %}
    {#- The first 60 bits of the MD5 digest as a whole number: a stable, narrow key. -#}
    {{- adapter.dispatch('text_fingerprint', 'lead_scoring')(expression) -}}
{%- endmacro %}

{% macro default__text_fingerprint(expression) %}
    cast('0x' || substr(md5({{ expression }}), 1, 15) as bigint)
{%- endmacro %}

{% macro postgres__text_fingerprint(expression) %}
    cast(cast('x' || substr(md5({{ expression }}), 1, 15) as bit(60)) as bigint)
{%- endmacro %}

{% macro spark__text_fingerprint(expression) %}
    cast(conv(substr(md5({{ expression }}), 1, 15), 16, 10) as bigint)
{%- endmacro %}

{% macro snowflake__text_fingerprint(expression) %}
    to_number(substr(md5({{ expression }}), 1, 15), 'XXXXXXXXXXXXXXX')
{%- endmacro %}

{% macro bigquery__text_fingerprint(expression) %}
    cast(concat('0x', substr(to_hex(md5({{ expression }})), 1, 15)) as int64)
{%- endmacro %}
