"""What the history says of a scorecard's stages: who came, who went, and who converted then."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .score_tables import load_outcomes, open_scores


@dataclass(frozen=True)
class StageMoves:
    """A stage's entries and exits on the recorded dates."""

    stage: str
    entries: int
    first_date_entries: int
    """Of the entries, those on the first recorded date, who may have been above it for long."""
    exits: int
    median_days: float | None
    """Of the stays that began after the first recorded date and have ended."""


@dataclass(frozen=True)
class History:
    """How long the history is, and the moves of each stage, the most entered first."""

    first: date
    last: date
    rows: int
    leads: int
    stages: list[StageMoves]


@dataclass(frozen=True)
class GroupOutcome:
    """Leads without a conversion up to a day, and how many had one in the days after it."""

    name: str
    leads: int
    conversions: int
    is_independent: bool
    """Whether each lead counts once, so that an interval of the share means something."""


def read_history(database: Path) -> History:
    """The history of a database."""
    with open_scores(database) as connection:
        first, last = connection.execute(
            "select min(score_date), max(score_date) from main_intermediate.int_dates_recorded"
        ).fetchone()
        rows, leads = connection.execute(
            "select count(*), count(distinct lead_id) from lead_score_history"
        ).fetchone()
        stages = connection.execute(
            """
            select
                stage,
                count_if(transition = 'entry') as entries,
                count_if(transition = 'entry' and transition_date = $first),
                count_if(transition = 'exit'),
                median(days_in_stage) filter (transition_date - days_in_stage > $first)
            from lead_stage_transitions
            group by stage
            order by entries desc, stage
            """,
            {"first": first},
        ).fetchall()
    return History(first, last, rows, leads, [StageMoves(*stage) for stage in stages])


def read_entry_outcomes(
    database: Path, outcomes: Path, days: int, first: date, last: date
) -> list[GroupOutcome]:
    """Of those who entered each stage on these dates, how many converted in the days after.

    A lead counts once per stage, from its first entry on these dates. To compare: all leads on
    each date, and those who came on these dates, from their first day on. Nobody counts who had
    converted by the day from which the days run, nor a day whose days the outcomes do not cover.
    """
    with open_scores(database) as connection:
        load_outcomes(connection, outcomes)
        groups = connection.execute(
            """
            with

            first_outcomes as (

                select
                    lead_id,
                    min(cast(converted_at as date)) as converted_on
                from outcomes
                group by lead_id

            ),

            covered as (

                select least($last, max(cast(converted_at as date)) - $days) as last_date
                from outcomes

            ),

            spans as (

                select
                    lead_id,
                    is_scored,
                    as_of_date as from_date,
                    lead(as_of_date) over (partition by lead_id order by as_of_date) as until_date
                from (
                    select * from lead_score_history
                    qualify is_scored is distinct from
                        lag(is_scored) over (partition by lead_id order by as_of_date)
                )

            ),

            days as (

                select
                    min(transition_date) as day,
                    lead_id,
                    'entered ' || stage as name,
                    true as is_independent
                from lead_stage_transitions
                where
                    transition = 'entry'
                    and transition_date >= $first
                group by
                    lead_id,
                    stage

                union all

                select
                    min(from_date),
                    lead_id,
                    'new, first day',
                    true
                from spans
                group by lead_id
                having min(from_date) >= $first

                union all

                select
                    cast(dates.day as date),
                    spans.lead_id,
                    'all, each date',
                    false
                from range($first, $last + 1, interval 1 day) as dates (day)
                inner join spans
                    on
                        spans.is_scored
                        and dates.day >= spans.from_date
                        and dates.day < coalesce(spans.until_date, date 'infinity')

            )

            select
                days.name,
                count(*) as leads,
                count_if(coalesce(first_outcomes.converted_on <= days.day + $days, false)),
                days.is_independent
            from days
            cross join covered
            left join first_outcomes
                on days.lead_id = first_outcomes.lead_id
            where
                days.day <= covered.last_date
                and coalesce(first_outcomes.converted_on > days.day, true)
            group by
                days.name,
                days.is_independent
            order by leads desc, days.name
            """,
            {"first": first, "last": last, "days": days},
        ).fetchall()
    return [GroupOutcome(*group) for group in groups]
