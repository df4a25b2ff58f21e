"""The runs of dbt that record past dates in the history, some dates at a time."""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_PER_STEP = 31


@dataclass(frozen=True)
class Step:
    """One run of dbt, and what it is told besides the settings of all runs."""

    label: str
    arguments: list[str]
    settings: dict[str, str]


def backfill_steps(first: date, last: date, days_per_step: int = DAYS_PER_STEP) -> list[Step]:
    """Runs that record each date from first to last, so that memory does not grow with the range.

    All are as of the last date; the last run builds all tables.
    """
    starts = [
        first + timedelta(days=days) for days in range(0, (last - first).days + 1, days_per_step)
    ]
    steps = []
    for number, start in enumerate(starts, 1):
        end = min(last, start + timedelta(days=days_per_step - 1))
        steps.append(
            Step(
                label=f"{start} to {end} (step {number} of {len(starts)})",
                arguments=[
                    "build",
                    "--exclude-resource-type",
                    "unit_test",
                    *_selection(number, len(starts)),
                ],
                settings={
                    "as_of": last.isoformat(),
                    "backfill_from": start.isoformat(),
                    "backfill_to": end.isoformat(),
                },
            )
        )
    return steps


def _selection(number: int, steps: int) -> list[str]:
    """The first step prepares the events, the last builds everything, those between the history."""
    if number == steps:
        return []
    untested = ["--exclude-resource-type", "test"]
    if number == 1:
        return [*untested, "--select", "+int_dates_recorded"]
    history = "int_dates_scored+,+int_dates_recorded"
    return [*untested, "--select", history, "--exclude", "int_activity_matched"]
