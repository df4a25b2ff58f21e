{% macro is_allowed(cell, kind) %}
    {#- Whether a cell in lower case is one of allowed_values; a blank one is not. -#}
    coalesce({{ cell }}, '') in ('{{ allowed_values(kind) | join("', '") }}')
{%- endmacro %}
