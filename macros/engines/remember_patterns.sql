{% macro remember_patterns(subject) %}
    {#- Before a model that matches conditions is built: see duckdb__pattern_found. -#}
    {{- adapter.dispatch('remember_patterns', 'lead_scoring')(subject) -}}
{%- endmacro %}

{% macro default__remember_patterns(subject) %}{% endmacro %}

{% macro duckdb__remember_patterns(subject) %}
    set variable lead_scoring_patterns = (
        select list(distinct text_operand order by text_operand)
        from {{ ref('int_condition_clauses') }}
        where
            operator = 'matches'
            and subject = '{{ subject }}'
    )
{%- endmacro %}
