{% macro lists_overlap(left_list, right_list) %}
    {#- Whether two lists of the form '|a|b|' share a member; null if one is null. -#}
    {{- adapter.dispatch('lists_overlap', 'lead_scoring')(left_list, right_list) -}}
{%- endmacro %}

{% macro default__lists_overlap(left_list, right_list) %}
    list_has_any(
        string_split(trim({{ left_list }}, '|'), '|'), string_split(trim({{ right_list }}, '|'), '|')
    )
{%- endmacro %}

{% macro postgres__lists_overlap(left_list, right_list) %}
    (
        string_to_array(trim(both '|' from {{ left_list }}), '|')
        && string_to_array(trim(both '|' from {{ right_list }}), '|')
    )
{%- endmacro %}

{% macro spark__lists_overlap(left_list, right_list) %}
    arrays_overlap(
        split(trim(both '|' from {{ left_list }}), '[|]'),
        split(trim(both '|' from {{ right_list }}), '[|]')
    )
{%- endmacro %}

{% macro snowflake__lists_overlap(left_list, right_list) %}
    arrays_overlap(split(trim({{ left_list }}, '|'), '|'), split(trim({{ right_list }}, '|'), '|'))
{%- endmacro %}

{% macro bigquery__lists_overlap(left_list, right_list) %}
    exists (
        select 1
        from unnest(split(trim({{ left_list }}, '|'), '|')) as member
        where member in unnest(split(trim({{ right_list }}, '|'), '|'))
    )
{%- endmacro %}
