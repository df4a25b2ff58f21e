"""What a run publishes that the run before did not (section 7)."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from hashlib import md5

from reference.world import Row

COMPARED = (
    "fit_score",
    "engagement_score",
    "lead_score",
    "fit_band",
    "engagement_band",
    "lead_band",
    "score_label",
    "stage",
    "next_action",
    "qualified_stage",
    "qualified_since",
    "is_mql",
    "is_sql",
    "score_trend",
    "cools_on",
    "is_suppressed",
    "is_customer",
    "top_reason_1",
    "top_reason_2",
    "top_reason_3",
)


@dataclass
class Publication:
    # by lead and scorecard, as of the latest run
    published: dict[tuple[str, str], Row] = field(default_factory=dict)
    # the rows of the latest run that changed anything
    changes: list[Row] = field(default_factory=list)
    change_number: int = 0

    def publish(self, lead_scores: list[Row], day: date) -> None:
        before = self.published
        self.published = {(row["lead_id"], row["scorecard"]): row for row in lead_scores}
        changes = [
            change
            for key in before.keys() | self.published.keys()
            for change in [_change(key, before.get(key), self.published.get(key))]
            if change is not None
        ]
        if not changes:
            return
        self.change_number += 1
        number = {"change_number": self.change_number}
        moment = {"changed_at": datetime.combine(day, time())}
        self.changes = sorted(
            (change | number | moment for change in changes), key=lambda row: row["sync_key"]
        )


def _change(key: tuple[str, str], before: Row | None, now: Row | None) -> Row | None:
    changed = None
    if before is None:
        change_type = "new"
    elif now is None:
        change_type = "removed"
    else:
        names = [name for name in COMPARED if before[name] != now[name]]
        if not names:
            return None
        change_type, changed = "changed", "|".join(names)
    lead_id, scorecard = key
    return {
        "sync_key": md5(f"{lead_id}\x1f{scorecard}".encode()).hexdigest(),
        "lead_id": None if now is None else lead_id,
        "scorecard": scorecard,
        "change_type": change_type,
        "changed_columns": changed,
    } | {name: None if now is None else now[name] for name in COMPARED}
