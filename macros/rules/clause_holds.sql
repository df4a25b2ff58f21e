{% macro clause_holds() %}
    {#- Whether a clause holds on as_of_date, on the columns of clause_columns. What is unknown holds only where asked for. -#}
        coalesce(
            case
                when operator = 'is_known' then {{ field_is_known() }}
                when operator = 'is_unknown' then not {{ field_is_known() }}
                when field_type = 'text'
                    then
                        case operator
                            when 'equals' then text_value = text_operand
                            when 'not_equals' then text_value <> text_operand
                            when 'in' then {{ is_list_member('text_value', 'list_operand') }}
                            when 'not_in' then not {{ is_list_member('text_value', 'list_operand') }}
                            when 'contains' then {{ dbt.position('text_operand', 'text_value') }} > 0
                            when 'starts_with' then substr(text_value, 1, length(text_operand)) = text_operand
                            when 'ends_with' then {{ dbt.right('text_value', 'length(text_operand)') }} = text_operand
                            when 'matches' then {{ pattern_found('text_value', 'text_operand') }}
                        end
                when field_type = 'number'
                    then
                        case operator
                            when 'equals' then number_value = number_operand
                            when 'not_equals' then number_value <> number_operand
                            when 'in' then {{ is_list_member('cast(number_value as ' ~ dbt.type_string() ~ ')', 'list_operand') }}
                            when 'not_in' then not {{ is_list_member('cast(number_value as ' ~ dbt.type_string() ~ ')', 'list_operand') }}
                            when '>' then number_value > number_operand
                            when '>=' then number_value >= number_operand
                            when '<' then number_value < number_operand
                            when '<=' then number_value <= number_operand
                            when 'between' then number_value between number_operand and number_operand_high
                        end
                when field_type = 'date'
                    then
                        case operator
                            when '>' then date_value > date_operand
                            when '>=' then date_value >= date_operand
                            when '<' then date_value < date_operand
                            when '<=' then date_value <= date_operand
                            when 'between' then date_value between date_operand and date_operand_high
                            when 'within_days'
                                then
                                    date_value <= as_of_date
                                    and {{ age_days('date_value') }} < number_operand
                            when 'older_than_days' then {{ age_days('date_value') }} >= number_operand
                        end
                when field_type = 'boolean'
                    then
                        case operator
                            when 'is_true' then boolean_value
                            when 'is_false' then not boolean_value
                        end
                when field_type = 'list'
                    then
                        case operator
                            when 'contains' then {{ lists_overlap('text_value', 'list_operand') }}
                            when 'in' then {{ lists_overlap('text_value', 'list_operand') }}
                            when 'not_in' then not {{ lists_overlap('text_value', 'list_operand') }}
                        end
            end,
            false
        )
{%- endmacro %}
