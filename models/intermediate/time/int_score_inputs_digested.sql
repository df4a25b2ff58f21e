{%- set text = dbt.type_string() -%}
{%- set rule_files = [
    'fit_rules', 'behavior_rules', 'engagement_rules', 'decay_curves', 'category_caps', 'scorecards',
    'scorecard_audiences', 'event_catalog',
] -%}
{%- set profile_columns = declared_fields('profile') | map(attribute='value') | list + ['created_at'] -%}
{#- The SQL of traits and scores, which another version, or a macro of the importer, may change. -#}
{%- set traits_sql = measure_traits('lead_dates') | replace(as_of_text(), 'as_of_date') -%}
{%- set points_sql = match_dated_conditions('traits') ~ assign_scorecards('lead_dates', 'conditions')
    ~ weigh_rule_points('lead_dates', 'conditions', 'lead_scorecards')
    ~ weigh_rule_points('lead_dates', 'conditions', 'lead_scorecards', is_forecast=true)
    ~ cap_category_points('rule_points') ~ normalise_scores('lead_scorecards', 'category_points') -%}
{%- set declared = tojson(
    [declared_columns('lead'), declared_columns('account'), declared_columns('event')], sort_keys=true
) -%}
{%- set traits_given = local_md5(traits_sql) -%}
{%- set scores_given = local_md5(as_of_text() ~ traits_sql ~ points_sql ~ declared) -%}

with

rule_rows as (

    {% for name in rule_files -%}
    select '{{ name }}' || {{ text_of_columns(described_columns(name)) }} as row_text
    from {{ ref(name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

rules as (

    select
        cast({{ text_fingerprint("coalesce(" ~ joined_text('row_text', 'chr(30)') ~ ", '')") }} as {{ text }})
            as rules_text
    from rule_rows

),

profiles as (

    select
        lead_id,
        {{ text_of_columns(profile_columns) }} as profile_text
    from {{ ref('int_profiles_joined') }}

),

-- The days of a lead are others if one was made later than all before, or their number or last date differs.
activity as (

    select
        lead_id,
        {{ text_of_columns(['count(*)', 'max(made_in)', 'max(event_date)']) }} as activity_text
    from {{ ref('int_activity_days_rolled') }}
    where
        lead_id is not null
        and event_date <= {{ as_of_date() }}
    group by lead_id

),

conversion_rows as (

    select
        lead_id,
        {{ text_of_columns(['conversion_type', 'amount', 'converted_at', 'is_deleted']) }} as row_text
    from {{ ref('stg_raw__conversions') }}
    where converted_at < {{ end_of_as_of_date() }}

),

conversions as (

    select
        lead_id,
        {{ joined_text('row_text', 'chr(30)') }} as conversions_text
    from conversion_rows
    group by lead_id

),

inputs as (

    select
        profiles.lead_id,
        profiles.profile_text,
        rules.rules_text,
        coalesce(activity.activity_text, '') || chr(29) || coalesce(conversions.conversions_text, '')
            as history_text
    from profiles
    cross join rules
    left join activity
        on profiles.lead_id = activity.lead_id
    left join conversions
        on profiles.lead_id = conversions.lead_id

)

select
    lead_id,
    {{ text_fingerprint("'" ~ traits_given ~ "' || history_text") }} as traits_key,
    {{ text_fingerprint(
        "'" ~ as_of_text() ~ scores_given ~ "' || rules_text || chr(29) || profile_text || chr(29) || history_text"
    ) }} as inputs_key
from inputs
