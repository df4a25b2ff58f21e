{% macro forget_rewritten(date_column, has_leads=true) %}
    {#-
        Before a model that keeps a history adds to it: drops what the run records anew, what a run that died has
        left behind, and leads that the raw tables no longer have. It runs in the transaction that adds the rows.
    -#}
    {%- set dates = ref('int_dates_scored') -%}
    {%- set profiles = ref('int_profiles_joined') -%}
    {%- if is_incremental() and not flags.EMPTY -%}
    delete from {{ this }}
    where
        {{ date_column }} >= (
            select min(as_of_date) from {{ dates }}
            where is_recorded
        )
        or {{ date_column }} > (
            select coalesce(max(score_date), cast('0001-01-01' as date)) from ({{ recorded_dates() }}) as recorded
        )
        {%- if has_leads %}
        or not exists (
            select 1
            from {{ profiles }} as profiles
            where profiles.lead_id = {{ this }}.lead_id
        )
        {%- endif %}
    {%- endif -%}
{%- endmacro %}
