{% macro is_list_member(value, list) %}
    {#- Text that itself holds a bar is member of no list. -#}
    ({{ dbt.position("'|' || " ~ value ~ " || '|'", list) }} > 0 and {{ dbt.position("'|'", value) }} = 0)
{%- endmacro %}
