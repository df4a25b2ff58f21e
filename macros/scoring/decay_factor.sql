{% macro decay_factor(age) %}
    {#-
        The share of its points that an event keeps at an age in days, by the columns decay_kind, decay_days,
        decay_percent, decay_delay_days and decay_floor. From 64 periods on, exponential and compounding are 0, so
        that no engine underflows.
    -#}
    {%- set double = type_double() -%}
    {%- set age_after_delay -%}
        (case when {{ age }} > decay_delay_days then {{ age }} - decay_delay_days else 0 end)
    {%- endset -%}
    {%- set periods -%} ({{ age_after_delay }} / decay_days) {%- endset -%}
    {#- 33 / 1.1 is just below 30 in binary; nine decimals mend that, and the limit keeps them in range. -#}
    {%- set whole_periods -%}
        cast(floor(cast(
            case when {{ periods }} < 1e12 then {{ periods }} else 1e12 end as {{ type_exact_score() }}
        )) as {{ double }})
    {%- endset -%}
    {%- set factor %}
            case decay_kind
                when 'none' then cast(1 as {{ double }})
                when 'exponential' then case when {{ periods }} > 64 then 0 else power(cast(0.5 as {{ double }}), {{ periods }}) end
                when 'linear' then case when {{ periods }} < 1 then 1 - {{ periods }} else 0 end
                when 'stepped'
                    then
                        case
                            when decay_percent / 100 * {{ whole_periods }} < 1
                                then 1 - decay_percent / 100 * {{ whole_periods }}
                            else 0
                        end
                when 'compounding'
                    then
                        case
                            when {{ periods }} > 64 then 0
                            else power(1 - decay_percent / 100, {{ whole_periods }})
                        end
                when 'window' then case when {{ age_after_delay }} < decay_days then 1 else 0 end
                when 'hyperbolic' then 1 / (1 + {{ periods }})
            end
    {%- endset -%}
    greatest({{ factor }}, decay_floor)
{%- endmacro %}
