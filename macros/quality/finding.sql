{% macro finding(table, issue, example, detail=none, count='count(*)') %}
    {#- The columns of one kind of data problem: how many rows, and the first and last example. -#}
        '{{ table }}' as table_name,
        '{{ issue }}' as issue,
        {{ detail if detail else "cast(null as " ~ dbt.type_string() ~ ")" }} as detail,
        cast({{ count }} as bigint) as affected_rows,
        {{ end_of_texts('min', example) }} as first_example,
        {{ end_of_texts('max', example) }} as last_example
{%- endmacro %}
