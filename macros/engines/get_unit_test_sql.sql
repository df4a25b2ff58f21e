{#-
    Replaces dbt's macro of this name on Postgres, which shows a decimal with the digits that it was computed with: 50.00
    is not the 50 that a unit test expects, although they are the same number. So zeros at the end are taken off both.
-#}
{% macro postgres__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) %}
    {%- set decimals = [] -%}
    {%- for column in get_column_schema_from_query(get_empty_subquery_sql(main_sql)) -%}
        {%- if column.dtype | lower in ('decimal', 'numeric') -%} {%- do decimals.append(column.quoted) -%} {%- endif -%}
    {%- endfor -%}
    {%- set shown = [] -%}
    {%- for column in expected_column_names -%}
        {%- do shown.append('trim_scale(' ~ column ~ ') as ' ~ column if column in decimals else column) -%}
    {%- endfor -%}
    with dbt_internal_unit_test_actual as (
        select {{ expected_column_names | join(', ') }} from ({{ main_sql }}) as actual_rows
    ),

    expected as (
        select {{ expected_column_names | join(', ') }} from ({{ expected_fixture_sql }}) as expected_rows
    )

    select {{ shown | join(', ') }}, 'actual' as "actual_or_expected" from dbt_internal_unit_test_actual
    union all
    select {{ shown | join(', ') }}, 'expected' as "actual_or_expected" from expected
{%- endmacro %}
