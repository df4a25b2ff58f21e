{% macro is_digest(cell) %}
    {#- Whether an id in the seed erasures is given as md5: and its digest. -#}
    lower(substr({{ cell }}, 1, 4)) = 'md5:'
{%- endmacro %}
