{% macro record_rejected_rows(target_name, table, lines, names, is_strict) %}
    {#- Keeps what a CSV file lost: refused lines, lines swallowed by an open quote, cells beyond the header. -#}
    {%- set insert = 'insert into ' ~ adapter.quote(source('raw', 'raw_leads').schema) ~ ".rejected_rows select '"
        ~ table ~ "', " -%}
    {%- do run_query(
        insert ~ 'min(line), min(error_message) from reject_errors group by line_byte_position'
    ) -%}
    {%- do run_query('drop table reject_errors') -%}
    {%- do run_query('drop table reject_scans') -%}
    {#- An odd number of quotes with line ends in cells: one of the quotes was never closed. -#}
    {%- do run_query(
        insert ~ "null, 'A quote is not closed; the lines after it were taken for text' from"
        ~ " (select sum(length(line) - length(replace(line, '\"', ''))) as quote_count from " ~ lines
        ~ ") as file_lines, (select coalesce(sum(" ~ line_ends_in_cells(names) ~ "), 0) as swallowed from "
        ~ target_name ~ ") as read_lines, range(cast(swallowed as bigint)) where quote_count % 2 = 1"
    ) -%}
    {%- if not is_strict -%}
        {%- do run_query(
            insert ~ "null, 'More cells than the header; those beyond it were not read' from " ~ lines
            ~ " where line not like '%\"%' and length(line) - length(replace(line, ',', '')) >= "
            ~ names | length
        ) -%}
    {%- endif -%}
{% endmacro %}
