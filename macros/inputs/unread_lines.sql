{% macro unread_lines(target_name, lines, names) %}
    {#- How many lines of a CSV file neither a loaded nor a rejected row accounts for. -#}
    {{- return(run_query(
        "select cast(line_count - read_count - rejected_count as bigint)"
        ~ " from (select count(case when trim(line, chr(13) || ' ') <> '' then 1 end) as line_count from " ~ lines
        ~ ") as file_lines, (select 1 + count(*) + coalesce(sum(" ~ line_ends_in_cells(names)
        ~ "), 0) as read_count from " ~ target_name ~ ") as read_lines,"
        ~ " (select count(distinct line_byte_position) as rejected_count from reject_errors) as rejected_lines"
    ).columns[0].values() | first) -}}
{% endmacro %}
