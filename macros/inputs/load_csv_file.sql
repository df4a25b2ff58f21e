{% macro load_csv_file(target_name, table, file) %}
    {#-
        Loads a CSV file as text, so that the contract's grammar decides and not a guess at types. Lines that break
        the format go to rejected_rows. The header is read by itself: the engine's own detection gives up on a file
        with one broken line.
    -#}
    {%- set path = "'" ~ file | replace("'", "''") ~ "'" -%}
    {%- set lines = "read_csv(" ~ path ~ ", auto_detect = false, header = false, columns = {'line': 'varchar'},"
        ~ " delim = chr(31), quote = '', escape = '', null_padding = true, parallel = false,"
        ~ " max_line_size = 33554432, ignore_errors = true)" -%}
    {%- set header = run_query('select trim(line, chr(65279) || chr(13)) from ' ~ lines ~ ' limit 1') -%}
    {%- set names = [] -%}
    {%- if header.rows | length > 0 -%}
        {%- for cell in modules.re.findall('("(?:[^"]|"")*"|[^,]*)(?:,|$)', header.rows[0][0]) -%}
            {%- set name = cell.strip('" \t') | replace('""', '"') -%}
            {%- do names.append(name or 'column_' ~ loop.index) -%}
        {%- endfor -%}
        {#- The pattern also finds the empty end of the line. -#}
        {%- if names | length > 1 and not header.rows[0][0].endswith(',') -%} {%- do names.pop() -%} {%- endif -%}
    {%- endif -%}
    {%- set columns = [] -%}
    {%- set seen = [] -%}
    {%- for name in names -%}
        {%- set name = name if name | lower not in seen else name ~ '_' ~ loop.index -%}
        {%- do seen.append(name | lower) -%}
        {%- do columns.append("'" ~ name | replace("'", "''") ~ "': 'varchar'") -%}
    {%- endfor -%}
    {%- if not columns -%}
        {%- do exceptions.raise_compiler_error(problem_message(
            file ~ ':1', 'a header with the names of the columns', 'an empty file',
            'Write the header, or remove the file if the table is optional.'
        )) -%}
    {%- endif -%}
    {%- do run_query(
        'create table ' ~ target_name ~ ' as select * from read_csv(' ~ path ~ ', auto_detect = false,'
        ~ " header = true, columns = {" ~ columns | join(', ') ~ "}, delim = ',', quote = '\"', escape = '\"',"
        ~ " new_line = '\\n', parallel = false, max_line_size = 33554432, store_rejects = true)"
    ) -%}
    {%- do run_query(
        'insert into ' ~ adapter.quote(source('raw', 'raw_leads').schema) ~ ".rejected_rows select '" ~ table
        ~ "', min(line), min(error_message) from reject_errors group by line_byte_position"
    ) -%}
    {{- count_unread_lines(target_name, table, lines, names) -}}
    {%- do run_query('drop table reject_errors') -%}
    {%- do run_query('drop table reject_scans') -%}
{% endmacro %}
