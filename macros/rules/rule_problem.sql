{% macro rule_problem(file_name, line_number, item, expected, found, remedy) %}
    {#- The columns of one kind of problem; all arguments are SQL. -#}
        {{ file_name }} as file_name,
        coalesce({{ item }}, 'a row without an id') as item,
        {{ expected }} as expected,
        coalesce('''' || {{ found }} || '''', 'nothing') as found,
        {{ remedy }} as remedy,
        {{ line_number }} as line_number
{%- endmacro %}
