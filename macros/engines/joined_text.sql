{% macro joined_text(expression, delimiter) %}
    {#- The values of a group as one text, in the order of their bytes. -#}
    {{- adapter.dispatch('joined_text', 'lead_scoring')(expression, delimiter) -}}
{%- endmacro %}

{% macro default__joined_text(expression, delimiter) %}
    {{ dbt.listagg(expression, delimiter, 'order by ' ~ bytewise(expression)) }}
{%- endmacro %}

{#- dbt's macro ignores the order on Spark, where a list without members is joined to a text that is empty. -#}
{% macro spark__joined_text(expression, delimiter) %}
    case
        when count({{ expression }}) > 0
            then array_join(sort_array(collect_list({{ expression }})), {{ delimiter }})
    end
{%- endmacro %}
