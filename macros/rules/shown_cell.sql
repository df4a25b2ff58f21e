{% macro shown_cell(text) %}
    {#- A text as a message shows it: on one line, and not longer than 80 characters. -#}
    case
        when length({{ text }}) > 80 then replace(replace(substr({{ text }}, 1, 80), chr(10), ' '), chr(13), ' ') || ' ...'
        else replace(replace({{ text }}, chr(10), ' '), chr(13), ' ')
    end
{%- endmacro %}
