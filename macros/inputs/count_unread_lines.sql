{% macro count_unread_lines(target_name, table, lines, names) %}
    {#-
        A quote that is never closed swallows the rest of the file, and the engine says nothing. It shows in an odd
        number of quotes; the lines that no row accounts for are then counted as rejected.
    -#}
    {%- set line_ends = [] -%}
    {%- for name in names -%}
        {%- set cell = adapter.quote(name) -%}
        {%- do line_ends.append(
            'coalesce(length(' ~ cell ~ ') - length(replace(' ~ cell ~ ", chr(10), '')), 0)"
        ) -%}
    {%- endfor -%}
    {%- do run_query(
        'insert into ' ~ adapter.quote(source('raw', 'raw_leads').schema) ~ ".rejected_rows"
        ~ " select '" ~ table ~ "', null, 'A quote is not closed; what follows it was not read'"
        ~ " from (select count(*) filter (where trim(line) <> '') as line_count,"
        ~ " sum(length(line) - length(replace(line, '\"', ''))) as quote_count from " ~ lines ~ ") as file_lines,"
        ~ " (select 1 + count(*) + coalesce(sum(" ~ line_ends | join(' + ') ~ "), 0) as read_count from "
        ~ target_name ~ ") as read_lines,"
        ~ " (select count(distinct line_byte_position) as rejected_count from reject_errors) as rejected_lines,"
        ~ " range(greatest(1, cast(line_count - read_count - rejected_count as bigint)))"
        ~ " where quote_count % 2 = 1"
    ) -%}
{% endmacro %}
