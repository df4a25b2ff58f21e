{% macro as_of_problem() %}
    {%- set text = as_of_text() -%}
    {%- set is_date = modules.re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', text) is not none -%}
    {%- if is_date -%}
        {%- set year, month, day = text.split('-') | map('int') | list -%}
        {%- set is_leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 -%}
        {%- set month_days = [31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] -%}
        {%- set is_date = 0 < year and 0 < month <= 12 and 0 < day <= month_days[month - 1] -%}
    {%- endif -%}
    {%- if not is_date -%}
        {{- return(problem_message(
            "var as_of", "an ISO date such as 2026-01-31", "'" ~ text ~ "'",
            "Pass --vars '{as_of: 2026-01-31}', or leave it out to score as of today."
        )) -}}
    {%- endif -%}
    {{- return(none) -}}
{% endmacro %}
