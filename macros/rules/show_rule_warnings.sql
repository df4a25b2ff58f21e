{% macro show_rule_warnings() %}
    {#- After int_rule_warnings is built: shows each of them in the log of the run, which goes on. -#}
    {%- if execute and not flags.EMPTY -%}
        {%- set messages = run_query('select message from ' ~ this ~ ' order by file_name, line_number, message').columns[0].values() -%}
        {%- for message in messages -%} {%- do exceptions.warn(message) -%} {%- endfor -%}
    {%- endif -%}
    select 1 as all_shown
{% endmacro %}
