"""Which dates a run records, and the scores that it keeps of them (section 7)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from reference.timeline import LeadCard, Snapshot
from reference.values import decimal
from reference.world import Row

SCORES = ("fit", "engagement", "lead")


@dataclass(frozen=True)
class Recorded:
    """The rounded scores from a date on; all None once the lead has left the scorecard."""

    since: date
    scores: dict[str, Fraction | None]

    @property
    def is_scored(self) -> bool:
        return self.scores["lead"] is not None


NOT_SCORED: dict[str, Fraction | None] = dict.fromkeys(SCORES)


@dataclass
class History:
    # by recorded date: the date of the run that wrote it
    run_dates: dict[date, date] = field(default_factory=dict)
    # by lead and scorecard: the changes in order of date
    changes: dict[LeadCard, list[Recorded]] = field(default_factory=lambda: defaultdict(list))

    def forget_from(self, first: date) -> None:
        self.run_dates = {day: run for day, run in self.run_dates.items() if day < first}
        for key, changes in list(self.changes.items()):
            self.changes[key] = [change for change in changes if change.since < first]

    def forget_leads_but(self, lead_ids: Iterable[str]) -> None:
        kept = set(lead_ids)
        for key in [key for key in self.changes if key[0] not in kept]:
            del self.changes[key]

    def record(self, day: date, run_date: date, snapshot: Snapshot) -> None:
        """Dates are recorded in ascending order."""
        self.run_dates[day] = run_date
        for key in sorted(self.changes.keys() | snapshot.scored.keys()):
            scores = snapshot.scored[key].scores if key in snapshot.scored else NOT_SCORED
            if scores != self.scores_on(key, day):
                self.changes[key].append(Recorded(day, scores))

    def scores_on(self, key: LeadCard, day: date) -> dict[str, Fraction | None]:
        """What the latest recorded date up to this one says."""
        up_to = [change for change in self.changes.get(key, []) if change.since <= day]
        return up_to[-1].scores if up_to else NOT_SCORED

    def previous_run(self, day: date) -> date | None:
        return max((run for run in self.run_dates.values() if run < day), default=None)


def dates_to_write(history: History, day: date, fill_days: int) -> list[date]:
    """The dates that a run as of `day` writes: none for a replay of an earlier date."""
    if not history.run_dates:
        return [day]
    if day < max(history.run_dates):
        return []
    previous = history.previous_run(day)
    gap = [] if previous is None else dates_between(previous + timedelta(days=1), day)
    return gap if 0 < len(gap) <= fill_days else [day]


def dates_between(first: date, last: date) -> list[date]:
    """Both included."""
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


# Tables


def lead_score_history(history: History) -> list[Row]:
    return [
        {
            "lead_id": lead_id,
            "scorecard": scorecard,
            **score_columns(change.scores),
            "is_scored": change.is_scored,
            "as_of_date": change.since,
        }
        for lead_id, scorecard in sorted(history.changes)
        for change in history.changes[lead_id, scorecard]
    ]


def recorded_dates(history: History) -> list[Row]:
    return [
        {"score_date": day, "run_date": history.run_dates[day]} for day in sorted(history.run_dates)
    ]


def score_columns(scores: dict[str, Fraction | None]) -> Row:
    return {
        f"{score}_score": None if scores[score] is None else decimal(scores[score])
        for score in SCORES
    }
