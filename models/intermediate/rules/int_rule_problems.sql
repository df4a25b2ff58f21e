{{ config(post_hook="{{ refuse_broken_rules() }}") }}

with

problems as (

    {% for model in [
        'int_condition_problems', 'int_point_rule_problems', 'int_scorecard_problems',
        'int_qualification_problems', 'int_account_rule_problems', 'int_catalogue_problems',
    ] -%}
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
    '[lead_scoring] ' || file_name || coalesce(':' || cast(line_number as {{ dbt.type_string() }}), '')
    || ', ' || item || ': expected ' || expected || ', found ' || found || '. ' || remedy as message,
    line_number
from problems
