{% macro parse_iso_timestamp(text) %}
    {#-
        Engines differ in what they cast, and DuckDB ignores the offset, so the pieces are taken apart here:
        the pattern fixes their places, and a day that its month lacks is refused by arithmetic.
    -#}
    {%- set pattern = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        ~ "([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)?"
        ~ "(Z|[+-]([01][0-9]|2[0-3])(:?[0-5][0-9])?)?)?$" -%}
    {%- set integer = dbt.type_int() -%}
    {%- set year = "cast(substr(" ~ text ~ ", 1, 4) as " ~ integer ~ ")" -%}
    {%- set month = "substr(" ~ text ~ ", 6, 2)" -%}
    {%- set day = "substr(" ~ text ~ ", 9, 2)" -%}
    {%- set clock = "replace(substr(" ~ text ~ ", 12), 'Z', '')" -%}
    {%- set local_clock = text_part(text_part(clock, '+', 1), '-', 1) -%}
    {%- set east = text_part(clock, '+', 2) -%}
    {%- set west = text_part(clock, '-', 2) -%}
    case
        when not {{ regex_found(text, "'" ~ pattern ~ "'") }} then null
        when {{ year }} = 0 then null
        -- An offset must not lead out of the years 1 to 9999.
        when substr({{ text }}, 1, 10) = '0001-01-01' and {{ east }} <> '' then null
        when substr({{ text }}, 1, 10) = '9999-12-31' and {{ west }} <> '' then null
        when {{ month }} in ('04', '06', '09', '11') and {{ day }} = '31' then null
        when {{ month }} = '02' and {{ day }} > '29' then null
        when
            {{ month }} = '02' and {{ day }} = '29'
            and (mod({{ year }}, 4) <> 0 or (mod({{ year }}, 100) = 0 and mod({{ year }}, 400) <> 0))
            then null
        else {{ dbt.dateadd(
            'minute',
            minutes_of_offset(west) ~ ' - ' ~ minutes_of_offset(east),
            "cast(substr(" ~ text ~ ", 1, 10) || ' ' || substr(replace("
                ~ local_clock ~ ", ',', '.') || substr('00:00:00', 1 + length("
                ~ "substr(" ~ local_clock ~ ", 1, 8))), 1, 15) as " ~ dbt.type_timestamp() ~ ")"
        ) }}
    end
{%- endmacro %}
