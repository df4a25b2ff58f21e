{% macro column_kind(dtype) %}
    {%- if dtype.endswith('[]') or dtype.startswith('array') -%}
        {{- return('array') -}}
    {%- elif 'with time zone' in dtype or dtype in ('timestamptz', 'timestamp_tz', 'timestamp_ltz') -%}
        {{- return('zoned_timestamp') -}}
    {%- elif dtype.startswith('timestamp') or dtype.startswith('datetime') -%}
        {{- return('timestamp') -}}
    {%- elif dtype == 'date' -%}
        {{- return('date') -}}
    {%- elif dtype.startswith('bool') -%}
        {{- return('boolean') -}}
    {%- elif modules.re.match(
        '(u?(big|small|tiny|huge)?int[0-9]*|u?integer|(big)?(decimal|numeric)|number|double( precision)?|float[0-9]*|real|long|short)([^a-z]|$)',
        dtype
    ) -%}
        {{- return('number') -}}
    {%- else -%}
        {{- return('text') -}}
    {%- endif -%}
{% endmacro %}
