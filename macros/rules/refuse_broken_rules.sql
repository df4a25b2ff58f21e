{% macro refuse_broken_rules() %}
    {#- After int_rule_problems is built: stops the run with every problem in one message. -#}
    {%- if execute -%}
        {%- set messages = run_query('select message from ' ~ this ~ ' order by file_name, line_number, message').columns[0].values() -%}
        {%- if messages | length > 0 -%}
            {%- do exceptions.raise_compiler_error(
                'The rules have ' ~ messages | length ~ ' problem' ~ ('s' if messages | length > 1 else '')
                ~ '; nothing was scored.\n' ~ messages | join('\n')
            ) -%}
        {%- endif -%}
    {%- endif -%}
    select 1 as nothing_to_refuse
{% endmacro %}
