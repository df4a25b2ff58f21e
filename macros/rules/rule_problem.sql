{% macro rule_problem(file_name, line_number, item, expected, found, remedy, column=none) %}
    {#- The columns of one kind of problem; all arguments but the column are SQL. -#}
        {{ file_name }} as file_name,
        cast({{ "'" ~ column ~ "'" if column else 'null' }} as {{ dbt.type_string() }}) as column_name,
        coalesce({{ shown_cell(item) }}, 'a row without an id') as item,
        {{ expected }} as expected,
        coalesce('''' || {{ shown_cell(found) }} || '''', 'nothing') as found,
        {{ remedy }} as remedy,
        {{ line_number }} as line_number
{%- endmacro %}
