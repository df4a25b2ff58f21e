{% macro hide_erased_ids() %}
    {#- After the seed erasures is loaded: leaves digests of the ids and no notes, so that no table holds an erased id. -#}
    {{- adapter.dispatch('hide_erased_ids', 'lead_scoring')() -}}
{%- endmacro %}

{% macro default__hide_erased_ids() %}
    update {{ this }}
    set
        lead_id = case
            when {{ lead_scoring.is_digest(lead_scoring.seed_cell('lead_id')) }} then lower({{ lead_scoring.seed_cell('lead_id') }})
            else 'md5:' || {{ dbt.hash(lead_scoring.seed_cell('lead_id')) }}
        end,
        note = null
    where {{ lead_scoring.seed_cell('lead_id') }} is not null
{%- endmacro %}

{#- Tables of Spark can't be updated unless they are Delta. -#}
{% macro spark__hide_erased_ids() %}select 1 as nothing_hidden{% endmacro %}
