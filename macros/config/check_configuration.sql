{% macro check_configuration() %}
    {%- if not execute -%} {{- return('') -}} {%- endif -%}
    {%- set problems = [] -%}
    {%- set as_of = as_of_problem() -%}
    {%- if as_of -%} {%- do problems.append(as_of) -%} {%- endif -%}
    {%- set engine = engine_problem() -%}
    {%- if engine -%} {%- do problems.append(engine) -%} {%- endif -%}

    {%- set raw_models = var('raw_models', none) -%}
    {%- if raw_models is not none and (raw_models is not mapping or raw_models.keys() | reject('in', raw_tables()) | list) -%}
        {%- do problems.append(problem_message(
            'var raw_models', 'a mapping from raw tables to models such as {raw_events: web_events}', "'" ~ raw_models ~ "'",
            'The raw tables are ' ~ raw_tables() | join(', ') ~ '.'
        )) -%}
    {%- endif -%}

    {%- set types = ['text', 'number', 'boolean', 'date', 'list'] -%}
    {%- for entity in ['lead', 'account', 'event'] -%}
        {%- set where = 'var ' ~ entity ~ '_fields' -%}
        {%- set mapping = var(entity ~ '_fields') -%}
        {%- if mapping is not none and mapping is not mapping -%}
            {%- do problems.append(problem_message(
                where, "a mapping such as {seniority: text}", "'" ~ mapping ~ "'",
                "Write one 'column: type' for each column that rules may use."
            )) -%}
        {%- else -%}
            {%- set seen = [] -%}
            {%- for column, type in (mapping or {}).items() -%}
                {%- if modules.re.fullmatch('[A-Za-z_][A-Za-z0-9_]*', column | string) is none -%}
                    {%- do problems.append(problem_message(
                        where, "column names of letters, digits and _", "'" ~ column ~ "'",
                        "Rename the column in the raw table or in a view on it."
                    )) -%}
                {%- endif -%}
                {%- if type not in types -%}
                    {%- do problems.append(problem_message(
                        where ~ ', ' ~ column, "one of " ~ types | join(', '), "'" ~ type ~ "'",
                        "Correct the type."
                    )) -%}
                {%- endif -%}
                {%- if column | lower in seen -%}
                    {%- do problems.append(problem_message(
                        where, "each column once", "'" ~ column ~ "' twice (case does not count)",
                        "Remove one of the two."
                    )) -%}
                {%- endif -%}
                {%- do seen.append(column | lower) -%}
                {%- if column | lower in trait_types() -%}
                    {%- do problems.append(problem_message(
                        where, "names that are no behavioural trait", "'" ~ column ~ "'",
                        "Rename the column in the raw table or in a view on it."
                    )) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}

    {%- set profile_names = declared_fields('profile') | map(attribute='name') | list -%}
    {%- for name in profile_names | unique if profile_names | select('eq', name) | list | length > 1 -%}
        {%- do problems.append(problem_message(
            'var lead_fields and account_fields', 'fields with different names',
            "two called '" ~ name ~ "'",
            "Rename the column in the raw table or in a view on it."
        )) -%}
    {%- endfor -%}

    {%- for name in ['purchase_types', 'customer_types'] -%}
        {%- set given = var(name, none) -%}
        {%- if given is not none and (given is string or given is mapping or given is not iterable) -%}
            {%- do problems.append(problem_message(
                'var ' ~ name, "a list of conversion types such as [purchase, closed_won]",
                "'" ~ given ~ "'", "Put the types in square brackets."
            )) -%}
        {%- endif -%}
    {%- endfor -%}

    {%- set stages = var('sales_stages', none) -%}
    {%- set is_list = stages is not string and stages is not mapping and stages is iterable -%}
    {%- if stages is not none and not (is_list and stages | reject('string') | list == []) -%}
        {%- do problems.append(problem_message(
            'var sales_stages', "a list of stages such as [sql]", "'" ~ stages ~ "'",
            "Put the names in square brackets, or leave it out for the last stage of each scorecard."
        )) -%}
    {%- endif -%}

    {%- set numbers = {
        'trend_points': 'a number of at least 0',
        'forecast_days': 'a whole number from 0 to 730',
        'history_fill_days': 'a whole number of at least 1',
        'recycled_days': 'a whole number of at least 0',
        'cooling_days': 'a whole number of at least 0',
        'most_leads_lost': 'a share from 0 to 1',
        'loaded_at_tolerance_minutes': 'a whole number of at least 0',
    } -%}
    {%- for name, expected in numbers.items() -%}
        {%- set given = var(name) -%}
        {%- set is_number = given is number and given is not boolean -%}
        {%- set is_whole = name in ('trend_points', 'most_leads_lost') or given is integer -%}
        {%- set lowest = 1 if name == 'history_fill_days' else 0 -%}
        {%- set is_near = name != 'forecast_days' or not is_number or given <= 730 -%}
        {%- if not (is_number and is_whole and is_near and given >= lowest) -%}
            {%- do problems.append(problem_message(
                'var ' ~ name, expected, "'" ~ given ~ "'", "Correct the number."
            )) -%}
        {%- endif -%}
    {%- endfor -%}

    {%- set first, last = var('backfill_from', none), var('backfill_to', none) or as_of_text() -%}
    {%- if first and not as_of -%}
        {%- set iso = '[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' -%}
        {%- if not modules.re.fullmatch(iso, first | string) or not modules.re.fullmatch(iso, last | string)
            or not first | string <= last | string <= as_of_text() -%}
            {%- do problems.append(problem_message(
                'vars backfill_from and backfill_to', 'ISO dates in this order, not after as_of',
                "'" ~ first ~ "' and '" ~ last ~ "'", 'Leave them to make backfill.'
            )) -%}
        {%- endif -%}
    {%- endif -%}

    {%- if problems -%}
        {%- do exceptions.raise_compiler_error(problems | join('\n')) -%}
    {%- endif -%}
{% endmacro %}
