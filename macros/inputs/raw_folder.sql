{% macro raw_folder() %}
    {#- The folder of the raw files; a relative one starts at the project that runs, and not where the command is typed. -#}
    {%- set folder = env_var('LEAD_SCORING_RAW', 'data/demo') -%}
    {%- set is_absolute = modules.re.match('/|~|[A-Za-z]:|[a-z0-9]+://', folder) is not none -%}
    {{- return(folder if is_absolute else flags.PROJECT_DIR ~ '/' ~ folder) -}}
{% endmacro %}
