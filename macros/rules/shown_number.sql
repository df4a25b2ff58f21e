{% macro shown_number(number) %}
    {#- A number as a message shows it, without zeros at the end. -#}
    {{ regex_replaced(
        'cast(cast(' ~ number ~ ' as decimal(38, 6)) as ' ~ dbt.type_string() ~ ')', "'[.]?0+$'", "''"
    ) }}
{%- endmacro %}
