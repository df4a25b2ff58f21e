{% macro arbitrary_row_number() %}
    {#- A number of its own for each row, in no particular order and without a sort. -#}
    {{- adapter.dispatch('arbitrary_row_number', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__arbitrary_row_number() %}
    row_number() over (order by null)
{%- endmacro %}

{% macro duckdb__arbitrary_row_number() %}
    row_number() over ()
{%- endmacro %}

{% macro postgres__arbitrary_row_number() %}
    row_number() over ()
{%- endmacro %}

{% macro spark__arbitrary_row_number() %}
    monotonically_increasing_id()
{%- endmacro %}
