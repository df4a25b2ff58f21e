{% macro named(relation, name) %}
    {#-
        A table under another name. With --empty, dbt reads tables through a subquery to which it gives a name itself on
        engines that ask for one; then there is no place for a second name.
    -#}
    {%- if relation.limit is defined and relation.limit is not none and relation.require_alias -%}
        (select * from {{ relation.render() }} limit {{ relation.limit }}) as {{ name }}
    {%- else -%}
        {{ relation }} as {{ name }}
    {%- endif -%}
{%- endmacro %}
