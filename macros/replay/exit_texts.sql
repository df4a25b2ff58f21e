{% macro exit_texts(days, thresholds, scores_before) %}
    {#- Which score has been below for how long, in words, where that is long enough to leave. #}
    with

    threshold_days as (

        select
            days.lead_id,
            days.scorecard,
            days.stage_key,
            days.as_of_date,
            thresholds.score,
            thresholds.exit_below_text,
            thresholds.exit_days_text,
            thresholds.exit_days,
            {{ score_named('days', 'thresholds.score') }} < thresholds.exit_below as is_below,
            max(
                case
                    when {{ score_named('days', 'thresholds.score') }} >= thresholds.exit_below
                        then days.as_of_date
                end
            ) over (
                partition by days.lead_id, days.scorecard, days.stage_key, thresholds.score
                order by days.as_of_date
                rows between unbounded preceding and current row
            ) as last_good_date
        from {{ days }} as days
        inner join {{ thresholds }} as thresholds
            on
                days.scorecard = thresholds.scorecard
                and days.stage_key = thresholds.stage_key

    ),

    good_dates as (

        select
            threshold_days.*,
            coalesce(
                threshold_days.last_good_date,
                case
                    when scores_before.last_good_date > scores_before.entry_date then scores_before.last_good_date
                    else scores_before.entry_date
                end
            ) as good_date
        from threshold_days
        left join {{ scores_before }} as scores_before
            on
                threshold_days.lead_id = scores_before.lead_id
                and threshold_days.scorecard = scores_before.scorecard
                and threshold_days.stage_key = scores_before.stage_key
                and threshold_days.score = scores_before.score

    ),

    streaks as (

        select
            *,
            {{ dbt.datediff('good_date', 'as_of_date', 'day') }}
                as days_below
        from good_dates

    )

    select
        lead_id,
        scorecard,
        stage_key,
        as_of_date,
        {%- for score in ['lead', 'fit', 'engagement'] %}
        max(
            case
                when score = '{{ score }}' and is_below and days_below >= exit_days
                    then
                        '{{ score | capitalize }} score below ' || exit_below_text
                        || ' for ' || exit_days_text
                        || case when exit_days = 1 then ' day' else ' days' end
            end
        ) as {{ score }}_text,
        {%- endfor %}
        count(*) as threshold_count
    from streaks
    group by
        lead_id,
        scorecard,
        stage_key,
        as_of_date
{%- endmacro %}
