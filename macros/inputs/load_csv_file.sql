{% macro load_csv_file(target_name, table, file) %}
    {#-
        Loads a CSV file as text, so that the contract's grammar decides and not a guess at types. Lines that break
        the format go to rejected_rows. The header is read by itself: the engine's own detection gives up on a file
        with one broken line.
    -#}
    {%- set path = "'" ~ file | replace("'", "''") ~ "'" -%}
    {%- set lines = "read_csv(" ~ path ~ ", auto_detect = false, header = false, columns = {'line': 'varchar'},"
        ~ " delim = chr(31), quote = '', escape = '', null_padding = true, strict_mode = false, parallel = false,"
        ~ " max_line_size = 33554432, ignore_errors = true)" -%}
    {%- set header = run_query(
        'select trim(line, chr(65279) || chr(13)) from ' ~ lines ~ ' limit 1'
    ).columns[0].values() | first -%}
    {%- if header is not string or not header.strip() or '\x00' in header -%}
        {%- do exceptions.raise_compiler_error(problem_message(
            file ~ ':1', 'a header with the names of the columns, in UTF-8',
            'text of another encoding' if header is string and header.strip() else 'a blank line',
            'Write the header into the first line and save the file as UTF-8; remove it if the table is optional.'
        )) -%}
    {%- endif -%}

    {%- set names = [] -%}
    {%- for cell in modules.re.findall('("(?:[^"]|"")*"|[^,]*)(?:,|$)', header) -%}
        {%- do names.append(cell.strip('" \t') | replace('""', '"') or 'column_' ~ loop.index) -%}
    {%- endfor -%}
    {#- The pattern also finds the empty end of the line. -#}
    {%- if names | length > 1 and not header.endswith(',') -%} {%- do names.pop() -%} {%- endif -%}
    {%- set columns = [] -%}
    {%- set seen = [] -%}
    {%- for name in names -%}
        {%- set name = name if name | lower not in seen else name ~ '_' ~ loop.index -%}
        {%- do seen.append(name | lower) -%}
        {%- do columns.append("'" ~ name | replace("'", "''") ~ "': 'varchar'") -%}
    {%- endfor -%}

    {%- set reader = "read_csv(" ~ path ~ ", auto_detect = false, header = true, columns = {"
        ~ columns | join(', ') ~ "}, delim = ',', quote = '\"', escape = '\"', parallel = false,"
        ~ " max_line_size = 33554432, store_rejects = true" -%}
    {#-
        The strict reader refuses lines with too many cells, but breaks on carriage returns that mix in, or says
        nothing of what it loses then; such files, and those too large to look through, get the lenient one.
    -#}
    {%- set is_strict = run_query(
        "select count(*) from read_blob(" ~ path ~ ") where size <= 200000000"
        ~ " and not contains(cast(content as varchar), '\\x0D')"
    ).columns[0].values() | first > 0 -%}
    {%- if is_strict -%}
        {%- do run_query('create table ' ~ target_name ~ ' as select * from ' ~ reader ~ ", new_line = '\\n')") -%}
        {%- if unread_lines(target_name, lines, names) > 0 -%}
            {%- do run_query('drop table ' ~ target_name) -%}
            {%- do run_query('drop table reject_errors') -%}
            {%- do run_query('drop table reject_scans') -%}
            {%- set is_strict = false -%}
        {%- endif -%}
    {%- endif -%}
    {%- if not is_strict -%}
        {%- do run_query('create table ' ~ target_name ~ ' as select * from ' ~ reader ~ ', strict_mode = false)') -%}
    {%- endif -%}
    {{- record_rejected_rows(target_name, table, lines, names, is_strict) -}}
{% endmacro %}
