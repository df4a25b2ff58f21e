{% macro raw_folder() %}
    {#- The folder of the raw files; a relative one starts at the project that runs, and not where the command is typed. -#}
    {%- set folder = env_var('LEAD_SCORING_RAW', 'data/demo') -%}
    {%- set absolute = '/|~|[A-Za-z]:|[a-z0-9]+://' -%}
    {%- set project = invocation_args_dict.get('project_dir') or '' -%}
    {#- dbt goes into the project's folder, so what can't be made absolute is right as it is. -#}
    {%- if modules.re.match(absolute, folder) or not modules.re.match(absolute, project) -%}
        {{- return(folder) -}}
    {%- endif -%}
    {{- return(project ~ '/' ~ folder) -}}
{% endmacro %}
