{% macro field_is_known() %}
        (
            text_value is not null
            or number_value is not null
            or date_value is not null
            or boolean_value is not null
        )
{%- endmacro %}
