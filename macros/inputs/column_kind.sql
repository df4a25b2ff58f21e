{% macro column_kind(dtype) %}
    {%- if 'with time zone' in dtype or dtype in ('timestamptz', 'timestamp_tz', 'timestamp_ltz') -%}
        {{- return('zoned_timestamp') -}}
    {%- elif dtype.startswith('timestamp') or dtype.startswith('datetime') -%}
        {{- return('timestamp') -}}
    {%- elif dtype == 'date' -%}
        {{- return('date') -}}
    {%- elif dtype.startswith('bool') -%}
        {{- return('boolean') -}}
    {%- elif modules.re.match(
        '(u?(big|small|tiny|huge)?int|integer|decimal|numeric|number|double|float|real|long|short)', dtype
    ) -%}
        {{- return('number') -}}
    {%- else -%}
        {{- return('text') -}}
    {%- endif -%}
{% endmacro %}
