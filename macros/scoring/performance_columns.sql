{% macro performance_columns() %}
    {#-
        What a group of scored leads came to. Reads lead_score, fit_score, engagement_score, is_suppressed, became_mql,
        became_sql, is_converted and amount.
    -#}
    {%- set double = type_double() %}
    {%- for score in ['fit', 'engagement', 'lead'] %}
    cast(sum({{ score }}_score) as {{ double }}) / count(*) as average_{{ score }}_score,
    {%- endfor %}
    cast(count(*) as {{ dbt.type_int() }}) as lead_count,
    cast(sum(case when is_suppressed then 1 else 0 end) as {{ dbt.type_int() }}) as suppressed_lead_count,
    {%- for flag, measure in {'became_mql': 'mql', 'became_sql': 'sql', 'is_converted': 'conversion'}.items() %}
    {%- set reached = 'sum(case when ' ~ flag ~ ' then 1 else 0 end)' %}
    cast({{ reached }} as {{ dbt.type_int() }}) as {{ 'converted_lead' if measure == 'conversion' else measure }}_count,
    cast({{ reached }} as {{ double }}) / count(*) as {{ measure }}_rate,
    {{ wilson_limit(reached, 'count(*)', 'low') }} as {{ measure }}_rate_low,
    {{ wilson_limit(reached, 'count(*)', 'high') }} as {{ measure }}_rate_high,
    {%- endfor %}
    {{ summed_amount('amount') }} as amount,
    {{ summed_amount('amount') }} / count(*) as amount_per_lead,
    {{ as_of_date() }} as as_of_date
{%- endmacro %}
