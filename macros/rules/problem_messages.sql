{% macro problem_messages(relations, opening='') %}
    {#- The rows of tables of problems, each once, with the message that people read. -#}
with

problems as (

    {% for relation in relations -%}
    select
        file_name,
        column_name,
        item,
        expected,
        found,
        remedy,
        line_number
    from {{ relation }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select distinct
    file_name,
    column_name,
    item,
    expected,
    found,
    remedy,
    '[lead_scoring] {{ opening }}' || file_name || coalesce(':' || cast(line_number as {{ dbt.type_string() }}), '')
    || ', ' || item || ': expected ' || expected || ', found ' || found || '. ' || remedy as message,
    line_number
from problems
{%- endmacro %}
