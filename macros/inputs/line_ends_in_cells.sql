{% macro line_ends_in_cells(names) %}
    {#- SQL that counts the line ends inside the cells of a row. -#}
    {%- set counts = [] -%}
    {%- for name in names -%}
        {%- set cell = adapter.quote(name) -%}
        {%- do counts.append('coalesce(length(' ~ cell ~ ') - length(replace(' ~ cell ~ ", chr(10), '')), 0)") -%}
    {%- endfor -%}
    {{- return(counts | join(' + ')) -}}
{% endmacro %}
