{% macro rule_problem(file_name, line_number, item, expected, found, remedy, column=none) %}
    {#- The columns of one kind of problem, for shown_problems; all arguments but the column are SQL. -#}
        {{ file_name }} as file_name,
        cast({{ "'" ~ column ~ "'" if column else 'null' }} as {{ dbt.type_string() }}) as column_name,
        {{ item }} as item,
        {{ expected }} as expected,
        {{ found }} as found,
        {{ remedy }} as remedy,
        {{ line_number }} as line_number
{%- endmacro %}
