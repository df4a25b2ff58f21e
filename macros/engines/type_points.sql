{% macro type_points() %}
    {#- Points are exact decimals with six places, so that sums are the same in any order. -#}
    {{- dbt.type_numeric() -}}
{%- endmacro %}
