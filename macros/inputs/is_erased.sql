{% macro is_erased(lead_id, erasures=none) %}
    {#- Whether a lead is to be forgotten. Only digests of such ids are kept. -#}
    coalesce({{ dbt.hash(lead_id) }}, '') in (select lead_key from {{ erasures or ref('stg_raw__erasures') }})
{%- endmacro %}
