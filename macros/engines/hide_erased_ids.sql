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

{#- Tables of Spark can't be updated unless they are Delta, so the rows are loaded once more. -#}
{% macro spark__hide_erased_ids() %}
    {%- set id = lead_scoring.seed_cell('lead_id') -%}
    {%- set rows = [] -%}
    {%- if execute -%}
        {%- set hidden = run_query(
            "select case when " ~ lead_scoring.is_digest(id) ~ " then lower(" ~ id ~ ") else 'md5:' || " ~ dbt.hash(id)
            ~ " end as lead_id, requested_on, line_number from " ~ this ~ " where " ~ id ~ " is not null"
        ) -%}
        {%- for row in hidden.rows -%} {%- do rows.append(row.values() | list) -%} {%- endfor -%}
    {%- endif -%}
    {%- if rows -%}
        {%- do lead_scoring.insert_cells(
            'insert overwrite table ' ~ this ~ ' (lead_id, requested_on, line_number)', rows
        ) -%}
    {%- endif -%}
    select 1 as all_hidden
{% endmacro %}
