{% macro score_band_ranges() %}
    {#- Half-open ranges: a band ends where the next one starts. -#}
    select
        scorecard,
        score,
        band,
        min_score,
        lead(min_score) over (partition by scorecard, score order by min_score) as next_min_score
    from (
        select
            {{ seed_cell('scorecard') }} as scorecard,
            lower({{ seed_cell('score') }}) as score,
            {{ seed_cell('band') }} as band,
            cast({{ parse_number(seed_cell('min_score')) }} as {{ type_exact_score() }}) as min_score
        from {{ ref('score_bands') }}
    ) as parsed_bands
{%- endmacro %}
