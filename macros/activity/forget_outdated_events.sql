{% macro forget_outdated_events() %}
    {#-
        Before a run: drops what earlier runs kept of the events if that does not fit together any more, so that all of
        them are read anew.
    -#}
    {%- set is_run = flags.WHICH in ['build', 'run'] and not flags.EMPTY -%}
    {%- if execute and is_run and 'model.lead_scoring.int_events_resolved' in selected_resources -%}
        {#- What is made of days knows them by numbers of changes, which begin again. -#}
        {%- set names = [
            'int_events_resolved', 'int_event_days_touched', 'int_traits_measured', 'int_rule_points_weighed',
            'int_forecast_traits_measured', 'int_forecast_scores_normalised',
        ] + activity_rollups() -%}
        {%- set missing_rollups = [] -%}
        {%- for name in activity_rollups() if 'model.lead_scoring.' ~ name not in selected_resources -%}
            {%- do missing_rollups.append(name) -%}
        {%- endfor -%}
        {%- if flags.FULL_REFRESH and missing_rollups -%}
            {%- do exceptions.raise_compiler_error(problem_message(
                '--full-refresh', 'int_events_resolved together with what is rolled up from it',
                'no ' ~ missing_rollups | join(', '), 'Select int_events_resolved+, or leave the selection out.'
            )) -%}
        {%- endif -%}
        {%- set kept = [] -%}
        {%- set found = {} -%}
        {%- for name in names -%}
            {%- set relation = kept_relation(name) -%}
            {%- if relation is not none -%}
                {%- do kept.append(relation) -%}
                {%- do found.update({name: relation}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- set is_usable = 'int_event_days_touched' in found and 'int_events_resolved' in found and run_query(
            "select 1 from " ~ found['int_events_resolved'] ~ " where contract_key = '" ~ events_contract_key() ~ "' limit 1"
        ).rows | length > 0 -%}
        {%- if not is_usable -%}
            {#- Hooks before a run end in a rollback where looking at columns has begun a transaction. -#}
            {%- for relation in kept -%} {%- do adapter.drop_relation(relation) -%} {%- endfor -%}
            {%- if kept -%} {%- do adapter.commit() -%} {%- endif -%}
        {%- endif -%}
    {%- endif -%}
{% endmacro %}
