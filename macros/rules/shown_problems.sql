{% macro shown_problems(problems) %}
    {#- Rows of rule_problem with the cells as messages show them. -#}
select
    file_name,
    column_name,
    coalesce({{ shown_cell('item') }}, 'a row without an id') as item,
    expected,
    coalesce(chr(39) || {{ shown_cell('found') }} || chr(39), 'nothing') as found,
    remedy,
    line_number
from {{ problems }}
{%- endmacro %}
