{% macro score_named(rows, name) %}
    {#- The score of a row that is named lead, fit or engagement in a column. -#}
    case {{ name }}
        {%- for score in ['lead', 'fit', 'engagement'] %} when '{{ score }}' then {{ rows }}.{{ score }}_score {%- endfor %} end
{%- endmacro %}
