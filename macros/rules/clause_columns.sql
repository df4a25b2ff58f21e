{% macro clause_columns(fields, rows, clauses) %}
    {#- What clause_holds and field_is_known read: the value of the clause's field by type, and the operands. -#}
        {{ clauses }}.field_type,
        {{ clauses }}.operator,
        {{ clauses }}.text_operand,
        {{ clauses }}.list_operand,
        {{ clauses }}.number_operand,
        {{ clauses }}.number_operand_high,
        {{ clauses }}.date_operand,
        {{ clauses }}.date_operand_high,
        {{- field_value(fields, 'text', rows, clauses) }} as text_value,
        {{- field_value(fields, 'number', rows, clauses) }} as number_value,
        {{- field_value(fields, 'date', rows, clauses) }} as date_value,
        {{- field_value(fields, 'boolean', rows, clauses) }} as boolean_value
{%- endmacro %}
