{% macro check_raw_tables() %}
    {%- set problems = [] -%}
    {#- What models make is not there yet. -#}
    {%- set made = var('raw_models', none) or {} -%}
    {%- for table, contract in raw_tables().items() if table not in made -%}
        {%- set columns = raw_columns(table) -%}
        {%- set where = raw_location(table) -%}
        {%- if not columns and table == 'raw_leads' -%}
            {%- do problems.append(problem_message(
                where, 'the leads, which every run needs', 'nothing',
                'Run make demo for demo data, or say where yours is: LEAD_SCORING_RAW for a folder of files,'
                ~ ' the vars raw_schema and raw_tables for tables, raw_models for models.'
            )) -%}
        {%- elif columns -%}
            {%- set missing = contract.required | reject('in', columns) | list -%}
            {%- if missing -%}
                {%- do problems.append(problem_message(
                    where, 'column ' ~ missing | join(' and '), 'the columns ' ~ columns | join(', '),
                    'Add it, or rename the column that holds it.'
                )) -%}
            {%- endif -%}
            {%- if table == 'raw_events' and 'lead_id' not in columns and 'anonymous_id' not in columns -%}
                {%- do problems.append(problem_message(
                    where, 'column lead_id or anonymous_id', 'neither',
                    'Add one of them: without it no event belongs to anybody.'
                )) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(problems | join('\n')) -%}
    {%- endif -%}
{% endmacro %}
