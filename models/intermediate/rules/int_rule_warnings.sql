{{ config(post_hook="{{ show_rule_warnings() }}") }}

with

warnings as (

    {% for model in ['int_condition_warnings', 'int_point_warnings'] -%}
    select
        file_name,
        column_name,
        item,
        expected,
        found,
        remedy,
        line_number
    from {{ ref(model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select distinct
    file_name,
    column_name,
    item,
    expected,
    found,
    remedy,
    '[lead_scoring] warning, ' || file_name || ':' || cast(line_number as {{ dbt.type_string() }})
    || ', ' || item || ': expected ' || expected || ', found ' || found || '. ' || remedy as message,
    line_number
from warnings
