{% macro replace_rows(relation, rows) %}
    {#-
        On Spark, gives a table other rows, which may be read from it. They are written beside the old ones, and one
        change in the catalogue puts them in place: whoever reads, or a run after one that was killed, finds the old
        rows or the new ones and nothing between.
    -#}
    {%- set places = table_places(relation) -%}
    {%- set beside = relation.incorporate(path={'identifier': relation.identifier ~ '__next'}) -%}
    {%- set columns = [] -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
        {%- do columns.append('cast(' ~ column.quoted ~ ' as ' ~ column.dtype ~ ') as ' ~ column.quoted) -%}
    {%- endfor -%}
    {%- do run_query('drop table if exists ' ~ beside) -%}
    {%- do run_query(
        'create table ' ~ beside ~ " using parquet location '" ~ places[0] ~ "' as select " ~ columns | join(', ')
        ~ ' from (' ~ rows ~ ') as new_rows'
    ) -%}
    {%- do run_query('alter table ' ~ relation ~ " set location '" ~ places[0] ~ "'") -%}
    {%- do run_query('drop table ' ~ beside) -%}
    {#- Otherwise plans go by the size that it had. -#}
    {%- do run_query('analyze table ' ~ relation ~ ' compute statistics noscan') -%}
{% endmacro %}
