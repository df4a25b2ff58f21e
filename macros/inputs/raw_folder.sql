{% macro raw_folder() %}
    {#- The folder of the raw files; a relative one starts at the project that runs, and not where the command is typed. -#}
    {%- set folder = env_var('LEAD_SCORING_RAW', 'data/demo') -%}
    {%- set absolute = '/|~|[A-Za-z]:|[a-z0-9]+://' -%}
    {%- set project = invocation_args_dict.get('project_dir') or '' -%}
    {{- return(folder if modules.re.match(absolute, folder) or not project else project ~ '/' ~ folder) -}}
{% endmacro %}
