{% macro delete_rows(relation, condition) %}
    {#- A statement that removes the rows of a table for which a condition holds. -#}
    {{- adapter.dispatch('delete_rows', 'lead_scoring')(relation, condition) -}}
{%- endmacro %}

{% macro default__delete_rows(relation, condition) %}
    delete from {{ relation }}
    where {{ condition }}
{%- endmacro %}

{#- Tables of Spark can't be deleted from unless they are Delta or Iceberg, so the others are written anew. -#}
{% macro spark__delete_rows(relation, condition) %}
    {%- if execute -%}
        {%- do replace_rows(relation, 'select * from ' ~ relation ~ ' where (' ~ condition ~ ') is not true') -%}
    {%- endif -%}
    select 1 as all_deleted
{%- endmacro %}
