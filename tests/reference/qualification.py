"""Stages that leads enter and leave, with hysteresis (section 7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from reference.history import NOT_SCORED, History, score_columns
from reference.scoring import top_reasons
from reference.timeline import Snapshot
from reference.values import decimal, exact, text, trimmed
from reference.world import Row, World

# Of several scores below, the reason of an exit names the first of these.
NAMED_FIRST = ("lead", "fit", "engagement")

StageKey = tuple[str, str, str]  # lead, scorecard, stage in lower case


@dataclass(frozen=True)
class Threshold:
    score: str
    enter_at: Fraction
    exit_below: Fraction
    exit_days: int


@dataclass(frozen=True)
class Stage:
    """A stage of a scorecard. `place` is its position among the scorecard's stages."""

    name: str
    place: int
    thresholds: list[Threshold]


Stages = Mapping[str, Mapping[str, Stage]]  # by scorecard and stage in lower case


def read_stages(world: World) -> Stages:
    stages: dict[str, dict[str, Stage]] = defaultdict(dict)
    for row in world.seeds.get("qualification_thresholds", []):
        of_card, name = stages[trimmed(row["scorecard"])], trimmed(row["stage"])
        stage = of_card.setdefault(text(name), Stage(name, len(of_card), []))
        stage.thresholds.append(
            Threshold(
                score=text(row["score"]),
                enter_at=exact(row["enter_at"]),
                exit_below=exact(row["exit_below"]),
                exit_days=int(exact(row["exit_days"])),
            )
        )
        stage.thresholds.sort(key=lambda threshold: NAMED_FIRST.index(threshold.score))
    return stages


@dataclass
class Transitions:
    # in order of date
    rows: dict[StageKey, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def forget_from(self, first: date) -> None:
        for key, rows in list(self.rows.items()):
            self.rows[key] = [row for row in rows if row["transition_date"] < first]

    def forget_leads_but(self, lead_ids: Iterable[str]) -> None:
        kept = set(lead_ids)
        for key in [key for key in self.rows if key[0] not in kept]:
            del self.rows[key]

    def up_to(self, key: StageKey, day: date) -> list[Row]:
        return [row for row in self.rows.get(key, []) if row["transition_date"] <= day]

    def entry_held(self, key: StageKey, day: date) -> Row | None:
        """The entry of the stay that lasts on the date; None outside the stage."""
        rows = self.up_to(key, day)
        return rows[-1] if rows and rows[-1]["transition"] == "entry" else None

    def held(
        self, lead_id: str, scorecard: str, stages: Stages, day: date
    ) -> list[tuple[Stage, Row]]:
        """The stages that the lead is in and their entries, in the order of the seed."""
        entries = [
            (stage, self.entry_held((lead_id, scorecard, key), day))
            for key, stage in stages.get(scorecard, {}).items()
        ]
        return [(stage, entry) for stage, entry in entries if entry is not None]

    def of_lead(self, lead_id: str, scorecard: str, day: date) -> list[Row]:
        return [
            row
            for key in sorted(self.rows)
            if key[:2] == (lead_id, scorecard)
            for row in self.up_to(key, day)
        ]

    def record(self, day: date, snapshot: Snapshot, stages: Stages, history: History) -> None:
        """The moves of a date that stands in the history already."""
        possible = {
            (lead_id, scorecard, name)
            for lead_id, scorecard in snapshot.scored
            for name in stages.get(scorecard, {})
        }
        for key in sorted(possible | self.rows.keys()):
            move = self._move(key, day, snapshot, stages, history)
            if move is not None:
                self.rows[key].append(move)

    def _move(
        self, key: StageKey, day: date, snapshot: Snapshot, stages: Stages, history: History
    ) -> Row | None:
        lead_id, scorecard, name = key
        stage, entry = stages.get(scorecard, {}).get(name), self.entry_held(key, day)
        if entry is not None:
            left = _exit(entry, stage, snapshot, history, day)
            return None if left is None else _exit_row(entry, stage, left, snapshot, day)
        if stage is None or not _enters(lead_id, scorecard, stage, snapshot):
            return None
        entries = [row for row in self.up_to(key, day) if row["transition"] == "entry"]
        return _entry_row(lead_id, scorecard, stage, len(entries) + 1, snapshot, day)


def _enters(lead_id: str, scorecard: str, stage: Stage, snapshot: Snapshot) -> bool:
    scored = snapshot.scored.get((lead_id, scorecard))
    if scored is None or snapshot.suppression_of(lead_id) is not None:
        return False
    return all(scored.scores[t.score] >= t.enter_at for t in stage.thresholds)


def _exit(
    entry: Row, stage: Stage | None, snapshot: Snapshot, history: History, day: date
) -> tuple[str, str] | None:
    """Cause and reason, if the lead leaves the stage."""
    suppression = snapshot.suppression_of(entry["lead_id"])
    if suppression is not None:
        return "suppressed", f"Suppressed: {suppression}"
    if (entry["lead_id"], entry["scorecard"]) not in snapshot.scored:
        return "not_scored", "No longer on the scorecard"
    if stage is None:
        return "stage_removed", "The stage was removed"
    for threshold in stage.thresholds:
        if days_below(threshold, entry, history, day) >= threshold.exit_days:
            return "below", _reason_below(threshold)
    return None


def days_below(threshold: Threshold, entry: Row, history: History, day: date) -> int:
    """Days for which the score has been too low, by the thresholds of today.

    The date of the entry never counts.
    """
    key = (entry["lead_id"], entry["scorecard"])
    entered_on = entry["transition_date"]

    def is_below(recorded_on: date) -> bool:
        return history.scores_on(key, recorded_on)[threshold.score] < threshold.exit_below

    # A score holds until the next recorded date.
    recorded = [entered_on] + [d for d in history.run_dates if entered_on < d <= day]
    last_good = entered_on
    for recorded_on, following in pairwise([*recorded, day + timedelta(days=1)]):
        if not is_below(recorded_on):
            last_good = following - timedelta(days=1)
    return (day - last_good).days


def _reason_below(threshold: Threshold) -> str:
    days = "day" if threshold.exit_days == 1 else "days"
    # An exact quotient has no trailing zeros.
    limit = f"{decimal(threshold.exit_below):f}"
    return f"{threshold.score.capitalize()} score below {limit} for {threshold.exit_days} {days}"


def _entry_row(
    lead_id: str, scorecard: str, stage: Stage, number: int, snapshot: Snapshot, day: date
) -> Row:
    scored = snapshot.scored[lead_id, scorecard]
    reasons = top_reasons(scored)
    return {
        "lead_id": lead_id,
        "scorecard": scorecard,
        "stage": stage.name,
        "transition": "entry",
        "exit_cause": None,
        "entry_number": number,
        **score_columns(scored.scores),
        "reason": reasons["top_reason_1"],
        **reasons,
        "days_in_stage": None,
        "transition_date": day,
    }


def _exit_row(
    entry: Row, stage: Stage | None, left: tuple[str, str], snapshot: Snapshot, day: date
) -> Row:
    scored = snapshot.scored.get((entry["lead_id"], entry["scorecard"]))
    cause, reason = left
    return {
        "lead_id": entry["lead_id"],
        "scorecard": entry["scorecard"],
        "stage": entry["stage"] if stage is None else stage.name,
        "transition": "exit",
        "exit_cause": cause,
        "entry_number": entry["entry_number"],
        **score_columns(NOT_SCORED if scored is None else scored.scores),
        "reason": reason,
        "top_reason_1": None,
        "top_reason_2": None,
        "top_reason_3": None,
        "days_in_stage": (day - entry["transition_date"]).days,
        "transition_date": day,
    }


def lead_stage_transitions(transitions: Transitions) -> list[Row]:
    return [row for key in sorted(transitions.rows) for row in transitions.rows[key]]


def qualification_columns(held: list[tuple[Stage, Row]]) -> Row:
    """What lead_scores shows of the stages that a lead holds."""
    names = {text(stage.name) for stage, _ in held}
    stage, entry = held[-1] if held else (None, None)
    return {
        "qualified_stage": None if stage is None else stage.name,
        "qualified_since": None if entry is None else entry["transition_date"],
        "is_mql": "mql" in names,
        "is_sql": "sql" in names,
    }
