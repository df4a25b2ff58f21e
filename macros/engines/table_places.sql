{% macro table_places(relation) %}
    {#- The two folders in which Spark keeps the rows of a table by turns, the one that is free now first. -#}
    {%- set root = run_query('describe schema ' ~ relation.without_identifier()).rows
        | selectattr(0, 'equalto', 'Location') | map(attribute=1) | first -%}
    {%- set places = [root ~ '/' ~ relation.identifier ~ '/1', root ~ '/' ~ relation.identifier ~ '/2'] -%}
    {%- if load_relation(relation) is none -%} {{- return(places) -}} {%- endif -%}
    {%- set described = run_query('describe extended ' ~ relation).rows
        | selectattr(0, 'equalto', 'Location') | map(attribute=1) | list -%}
    {{- return(places | reverse | list if described and described[0] == places[0] else places) -}}
{% endmacro %}
