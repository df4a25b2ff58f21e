{% macro rule_problem(seed, item, expected, found, remedy) %}
    {#- The columns of one kind of problem; all arguments are SQL. -#}
        {{ seed }} as seed,
        coalesce({{ item }}, 'a row without an id') as item,
        {{ expected }} as expected,
        coalesce('''' || {{ found }} || '''', 'nothing') as found,
        {{ remedy }} as remedy
{%- endmacro %}
