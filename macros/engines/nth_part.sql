{% macro nth_part(text, delimiter, number) %}
    {#- As dbt.split_part, but for a number that is a column. -#}
    {{- adapter.dispatch('nth_part', 'lead_scoring')(text, delimiter, number) -}}
{%- endmacro %}

{% macro default__nth_part(text, delimiter, number) -%}
    {{ dbt.split_part(text, delimiter, number) }}
{%- endmacro %}

{#- dbt's macro compares the number with 0 while it compiles. -#}
{% macro postgres__nth_part(text, delimiter, number) -%}
    split_part({{ text }}, {{ delimiter }}, cast({{ number }} as integer))
{%- endmacro %}

{% macro spark__nth_part(text, delimiter, number) -%}
    split_part({{ text }}, {{ delimiter }}, cast({{ number }} as int))
{%- endmacro %}
