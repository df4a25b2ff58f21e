{%- set text = dbt.type_string() -%}
{%- set rule_files = [
    'fit_rules', 'behavior_rules', 'engagement_rules', 'decay_curves', 'category_caps', 'scorecards',
    'scorecard_audiences', 'event_catalog',
] -%}
{%- set profile_columns = declared_fields('profile') | map(attribute='value') | list + ['created_at'] -%}
{#- The number in front is raised when a version of the project forecasts in another way. -#}
{%- set given = local_md5(tojson([
    1, var('forecast_days'), var('purchase_types'), declared_columns('lead'), declared_columns('account'),
    declared_columns('event'),
], sort_keys=true)) -%}

with

leads as (

    select distinct lead_id
    from {{ ref('int_stages_held') }}

),

rule_rows as (

    {% for name in rule_files -%}
    select '{{ name }}' || {{ text_of_columns(described_columns(name)) }} as row_text
    from {{ ref(name) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

rules as (

    select {{ text_fingerprint("coalesce(" ~ joined_text('row_text', 'chr(30)') ~ ", '')") }} as rules_key
    from rule_rows

),

profiles as (

    select
        lead_id,
        {{ text_of_columns(profile_columns) }} as profile_text
    from {{ ref('int_profiles_joined') }}

),

-- The days of a lead are others if one was made later than all before, or if there are fewer.
activity as (

    select
        lead_id,
        cast(count(*) as {{ text }}) || chr(31) || cast(max(made_in) as {{ text }}) as activity_text
    from {{ ref('int_activity_days_rolled') }}
    where lead_id is not null
    group by lead_id

),

conversion_rows as (

    select
        lead_id,
        {{ text_of_columns(['conversion_type', 'amount', 'converted_at', 'is_deleted']) }} as row_text
    from {{ ref('stg_raw__conversions') }}

),

conversions as (

    select
        lead_id,
        {{ joined_text('row_text', 'chr(30)') }} as conversions_text
    from conversion_rows
    group by lead_id

)

select
    leads.lead_id,
    case
        when {{ 'true' if execute and is_whole_run('int_forecast_scores_normalised') else 'false' }}
            then {{ text_fingerprint(
                "'" ~ as_of_text() ~ given ~ "' || cast(rules.rules_key as " ~ text ~ ") || chr(29)"
                ~ " || profiles.profile_text || chr(29) || coalesce(activity.activity_text, '') || chr(29)"
                ~ " || coalesce(conversions.conversions_text, '')"
            ) }}
    end as forecast_key
from leads
cross join rules
inner join profiles
    on leads.lead_id = profiles.lead_id
left join activity
    on leads.lead_id = activity.lead_id
left join conversions
    on leads.lead_id = conversions.lead_id
