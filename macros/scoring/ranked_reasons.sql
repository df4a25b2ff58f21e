{% macro ranked_reasons(rule_points) %}
    {#- The rules of each lead, scorecard and date by absolute points, ties by rule_id. -#}
    select
        lead_id,
        scorecard,
        as_of_date,
        reason,
        row_number() over (
            partition by lead_id, scorecard, as_of_date
            order by abs(points) desc, {{ bytewise('rule_id') }} asc
        ) as reason_rank
    from {{ rule_points }}
{%- endmacro %}
