{% macro check_lost_leads() %}
    {#-
        Before the history is written: stops the run if the raw tables lack a large part of the leads in it, as they do
        while they are being loaded; the run would forget them for good.
    -#}
    {%- set profiles = ref('int_profiles_joined') -%}
    {%- if execute and is_incremental() and not flags.EMPTY -%}
        {%- set counts = run_query(
            'select count(*), count(profiles.lead_id) from (select distinct lead_id from ' ~ this ~ ') as recorded left join '
            ~ profiles ~ ' as profiles on recorded.lead_id = profiles.lead_id'
        ).rows[0] -%}
        {%- set lost = (counts[0] - counts[1]) | int -%}
        {%- set most_lost = var('most_leads_lost') | float * counts[0] | int -%}
        {%- if lost > most_lost and lost > 100 -%}
            {%- do exceptions.raise_compiler_error(problem_message(
                'raw_leads', 'most of the ' ~ counts[0] ~ ' leads that the history knows', 'none of ' ~ lost ~ ' of them',
                'If it was not loaded in full, load it and run again; if they are gone for good, pass --vars'
                ~ " '{most_leads_lost: 1}', and the run forgets them."
            )) -%}
        {%- endif -%}
    {%- endif -%}
    select 1 as nothing_lost
{%- endmacro %}
