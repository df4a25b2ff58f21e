{% macro forget_days_of_lost_leads() %}
    {#- After the days are logged: the id of a lead that is gone is not kept; its digest stands for all its days. -#}
    {%- if not flags.EMPTY -%}
    delete from {{ this }}
    where
        lead_id is not null
        and not exists (
            select 1
            from {{ named(ref('int_profiles_joined'), 'leads') }}
            where leads.lead_id = {{ this }}.lead_id
        )
    {%- else -%}
    select 1 as nothing_lost
    {%- endif -%}
{%- endmacro %}
