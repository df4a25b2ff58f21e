{% macro field_columns(table, entity, columns) %}
    {#- The declared rule fields as they compare: text in lower case, lists as '|a|b|'. Each ends with a comma. -#}
    {%- set stored_types = raw_tables()[table].columns %}
    {%- for field in declared_fields(entity) if entity != 'event' or field.value != field.name %}
        {%- set value = raw_value(columns, field.column, field.type, stored_types.get(field.column, 'text')) %}
        {{ 'lower(' ~ value ~ ')' if field.type == 'text' else value }} as {{ field_column(field.column) }},
        {%- if field.type == 'text' and field.column not in stored_types %}
        {#- As written, for ties between rows of one id. #}
        {{ value }} as {{ 'written_' ~ field.column }},
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
