{% macro check_seed_columns() %}
    {#- After a seed is loaded: stops the run if its file lacks a column. -#}
    {%- if execute -%}
        {%- set found = adapter.get_columns_in_relation(this) | map(attribute='name') | map('lower') | list -%}
        {%- set missing = seed_columns()[model.name] | reject('in', found) | list -%}
        {%- if missing -%}
            {%- do exceptions.raise_compiler_error(problem_message(
                model.original_file_path ~ ':1', 'column ' ~ missing | join(' and '),
                'the columns ' ~ found | join(', '), 'Add it to the first line; its cells may stay blank.'
            )) -%}
        {%- endif -%}
    {%- endif -%}
    select 1 as nothing_missing
{% endmacro %}
