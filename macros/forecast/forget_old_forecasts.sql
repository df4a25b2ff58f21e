{% macro forget_old_forecasts() %}
    {#- Before scores are forecast anew: drops those of leads whose forecast would be another one now. -#}
    {%- if is_incremental() and not flags.EMPTY -%}
    delete from {{ this }}
    where not exists (
        select 1
        from {{ named(ref('int_forecast_inputs_digested'), 'leads') }}
        where
            leads.lead_id = {{ this }}.lead_id
            and leads.forecast_key = {{ this }}.forecast_key
    )
    {%- else -%}
    select 1 as nothing_old
    {%- endif -%}
{%- endmacro %}
