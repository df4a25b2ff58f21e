{% macro check_events_contract(kept) %}
    {#-
        Before events are added to those of earlier runs: stops the run if a model makes raw_events, which
        forget_outdated_events can't look at before it is built, and it now has other columns.
    -#}
    {%- set models = var('raw_models', none) -%}
    {%- if execute and models is mapping and models.get('raw_events') and flags.WHICH in ['build', 'run', 'retry'] -%}
        {%- set outdated = run_query(
            "select 1 from " ~ kept ~ " where contract_key <> '" ~ events_contract_key() ~ "' limit 1"
        ).rows | length -%}
        {%- if outdated -%}
            {%- do exceptions.raise_compiler_error(problem_message(
                raw_location('raw_events'), 'the columns by which the stored events were read', 'others',
                'Run again: the next run finds them as they are now and reads all events anew.'
            )) -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
