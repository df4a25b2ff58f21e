{% macro condition_outcome() %}
    {#- Of the clauses of a condition: whether all hold, and whether an unknown field leaves it undecided. #}
        min(case when holds then 1 else 0 end) = 1 as is_matched,
        max(case when is_known and not holds then 1 else 0 end) = 0
        and min(case when is_known then 1 else 0 end) = 0 as is_open
{%- endmacro %}
