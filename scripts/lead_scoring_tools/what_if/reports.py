"""What a what-if found, in words and tables that every form of the report shares."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ..json_values import plain
from ..lift import Measurement
from .comparisons import ASPECTS, Comparison, Matrix, ScorecardComparison
from .outcomes import BandRate, Outcomes
from .rule_sets import RuleChange

MOST_MOVES = 8


@dataclass(frozen=True)
class Report:
    """A comparison with all that belongs to it."""

    base: str
    candidate: str
    comparison: Comparison
    changes: list[RuleChange]
    outcomes: list[Outcomes]
    notes: list[str]
    broken_limits: list[str]

    @property
    def moves_nothing(self) -> bool:
        """Whether no lead scores or stands differently."""
        cards = self.comparison.scorecards
        return not any(
            card.leads_rescored or any(matrix.moved for matrix in card.matrices.values())
            for card in cards
        )

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON can hold it; what has no answer is null."""
        found = asdict(self)
        for card, whole in zip(
            found["comparison"]["scorecards"], self.comparison.scorecards, strict=True
        ):
            card["queue"] |= {
                "per_week_before": whole.queue.per_week_before,
                "per_week_after": whole.queue.per_week_after,
            }
            for aspect, matrix in whole.matrices.items():
                card["matrices"][aspect]["moved"] = matrix.moved
        return plain({"moves_nothing": self.moves_nothing, **found})


@dataclass(frozen=True)
class Grid:
    """A table of the report, some columns of text and then, if there are more, of numbers."""

    columns: list[str]
    rows: list[list[str]]
    caption: str = ""
    texts: int = 1

    def is_number(self, place: int) -> bool:
        """Whether a column, counted from 0, holds numbers."""
        return place >= self.texts


@dataclass(frozen=True)
class Chapter:
    """A part of the report; the terminal leaves out details."""

    heading: str
    texts: list[str] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    details: list[Grid] = field(default_factory=list)


def chapters(report: Report) -> Iterator[Chapter]:
    """The whole report, but for the charts."""
    yield _changed_rules(report)
    if report.moves_nothing:
        yield Chapter("Nothing moves", ["No lead scores, is placed or qualifies differently."])
    else:
        for card in report.comparison.scorecards:
            yield _scorecard(card, report.comparison)
        yield _movers(report.comparison)
    for outcome in report.outcomes:
        yield _outcome(outcome)
    yield Chapter("How this was measured", _method(report))


def headline(report: Report) -> str:
    """What was compared with what."""
    comparison = report.comparison
    return (
        f"{report.candidate} instead of {report.base}: both score the same data as of"
        f" {comparison.as_of}, and qualify leads from {comparison.first_day} on"
    )


def _changed_rules(report: Report) -> Chapter:
    rows = []
    for change in report.changes:
        what = change.kind if change.concerns_leads else f"{change.kind}, not for leads"
        for cell in change.cells:
            rows.append(
                [change.file, change.item, what, cell.column, cell.old or "", cell.new or ""]
            )
    if not rows:
        return Chapter("Changed rules", ["The rules are the same."])
    hits = [
        [
            hit.rule_id,
            hit.scorecard,
            _count(hit.leads_before),
            _count(hit.leads_after),
            _points(hit.points_before),
            _points(hit.points_after),
        ]
        for hit in report.comparison.rule_hits
    ]
    columns = ["file", "item", "change", "column", "old", "new"]
    grids = [Grid(columns, rows, texts=len(columns))]
    if hits:
        columns = [
            "rule",
            "scorecard",
            "leads before",
            "leads after",
            "points before",
            "points after",
        ]
        grids.append(Grid(columns, hits, "What the rules give to all leads", texts=2))
    return Chapter("Changed rules", grids=grids)


def _scorecard(card: ScorecardComparison, comparison: Comparison) -> Chapter:
    texts = [_leads_text(card), *_holder_texts(card), _queue_text(card, comparison)]
    grids = []
    bands = card.matrices["lead_band"]
    if bands.moved:
        grids.append(_matrix_grid(bands, "Lead bands: rows before, columns after"))
    stages = [[old, new, f"{count:,}"] for old, new, count in card.matrices["stage"].moves()]
    if stages:
        grids.append(
            Grid(
                ["stage before", "stage after", "leads"],
                stages[:MOST_MOVES],
                "The most common moves",
                texts=2,
            )
        )
    details = [
        _matrix_grid(matrix, f"{ASPECTS[aspect].capitalize()}: rows before, columns after")
        for aspect, matrix in card.matrices.items()
        if aspect != "lead_band" and matrix.moved
    ]
    details.append(_distribution_grid(card))
    return Chapter(f"Scorecard {card.scorecard}", texts, grids, details)


def _leads_text(card: ScorecardComparison) -> str:
    text = f"{card.leads_rescored:,} of {card.leads_after:,} leads score differently"
    if card.leads_before != card.leads_after:
        text += f" (before, the scorecard had {card.leads_before:,})"
    if card.leads_rescored:
        text += f", by {card.largest_move:.2f} points at most"
    if card.rank_correlation is not None:
        text += f"; the rank correlation is {correlation_text(card.rank_correlation)}"
    moved = [
        f"{matrix.moved:,} get another {ASPECTS[aspect]}"
        for aspect, matrix in card.matrices.items()
        if matrix.moved
    ]
    return f"{text}. " + (f"{_joined(moved)}." if moved else "No band or stage changes.")


def correlation_text(value: float) -> str:
    """A correlation to four decimals, never rounded up to 1."""
    return f"{min(value, 0.9999) if value < 1 else 1:.4f}"


def _joined(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else parts[0]


def _holder_texts(card: ScorecardComparison) -> Iterator[str]:
    for name, holders in (("MQL", card.mql), ("SQL", card.sql)):
        if holders.before or holders.after:
            yield (
                f"{name}: {holders.before:,} before and {holders.after:,} after;"
                f" {holders.gained:,} become one, {holders.lost:,} cease to be one."
            )


def _queue_text(card: ScorecardComparison, comparison: Comparison) -> str:
    queue = card.queue
    text = (
        f"Sales queue: on {comparison.first_day}, when the rules begin to hold,"
        f" {queue.first_day_before:,} leads enter before and {queue.first_day_after:,} after the"
        " change"
    )
    if queue.per_week_before is None or queue.per_week_after is None:
        return f"{text}; a replay of one day says nothing of the weeks after."
    return (
        f"{text}; then {queue.per_week_before:,.1f} and {queue.per_week_after:,.1f} a week"
        f" ({queue.later_before:,} and {queue.later_after:,} in {queue.later_days} days)."
    )


def _matrix_grid(matrix: Matrix, caption: str) -> Grid:
    rows = [
        [label, *(f"{count:,}" if count else "" for count in row)]
        for label, row in zip(matrix.labels, matrix.counts, strict=True)
    ]
    return Grid(["before", *(f"to {label}" for label in matrix.labels)], rows, caption)


def _distribution_grid(card: ScorecardComparison) -> Grid:
    distribution = card.distribution
    last = len(distribution.before) - 1
    rows = [
        [
            f"{distribution.edges[place]} to {'' if place == last else 'below '}"
            f"{distribution.edges[place + 1]}",
            f"{distribution.before[place]:,}",
            f"{distribution.after[place]:,}",
        ]
        for place in range(len(distribution.before))
    ]
    return Grid(["lead score", "leads before", "leads after"], rows, "Distribution of lead scores")


def _movers(comparison: Comparison) -> Chapter:
    rows = []
    for mover in comparison.movers:
        causes = [
            f"{cause.rule_id} {cause.old_points:.2f} to {cause.new_points:.2f} ({cause.reason})"
            for cause in mover.causes
        ]
        rows.append(
            [
                mover.lead_id,
                mover.scorecard,
                f"{mover.old_score:.2f} to {mover.new_score:.2f}",
                f"{mover.new_score - mover.old_score:+.2f}",
                _arrow(mover.old_band, mover.new_band),
                "; ".join(causes) or "weights or maxima of the scorecard",
            ]
        )
    columns = ["lead", "scorecard", "lead score", "move", "band", "rules that move it"]
    return Chapter("The largest movers", grids=[Grid(columns, rows, texts=len(columns))])


def _arrow(old: str | None, new: str | None) -> str:
    if old == new:
        return old or ""
    return f"{old or '(none)'} to {new or '(none)'}"


def _outcome(outcome: Outcomes) -> Chapter:
    change = outcome.auc_change
    texts = [
        f"Scores as of {outcome.as_of} against conversions up to {outcome.ends_on}, of leads that"
        f" were no customers: {outcome.after.conversions:,} of {outcome.after.leads:,} converted.",
        "There are too few conversions to tell whether the AUC changes."
        if math.isnan(change.low)
        else f"The AUC changes by {change.value:+.4f} (95 % interval {change.low:+.4f} to"
        f" {change.high:+.4f}): {_verdict(change.low, change.high)}.",
    ]
    figures = Grid(
        ["", "before", "after"],
        [
            ["AUC", *(_auc_text(found) for found in (outcome.before, outcome.after))],
            ["top-decile lift", *(_lift_text(found) for found in (outcome.before, outcome.after))],
        ],
        "With 95 % intervals",
    )
    bands = Grid(
        ["lead band", "before", "after"],
        [
            [before.band, rate_text(before), rate_text(after)]
            for before, after in zip(outcome.bands_before, outcome.bands_after, strict=True)
        ],
        "Conversion rate per band, with 95 % intervals",
    )
    heading = f"Forward in time: {outcome.scorecard}"
    return Chapter(heading, texts, [figures, *([bands] if bands.rows else [])])


def _verdict(low: float, high: float) -> str:
    if low > 0:
        return "better"
    return "worse" if high < 0 else "no difference that these conversions could show"


def _auc_text(found: Measurement) -> str:
    return _with_interval(f"{found.auc:.3f}", f"{found.auc_low:.3f} to {found.auc_high:.3f}")


def _lift_text(found: Measurement) -> str:
    return _with_interval(
        f"{found.top_decile_lift:.2f}", f"{found.lift_low:.2f} to {found.lift_high:.2f}"
    )


def _with_interval(value: str, interval: str) -> str:
    return value if "nan" in interval else f"{value} ({interval})"


def rate_text(rate: BandRate) -> str:
    """A conversion rate with its interval and what it is of."""
    if rate.rate is None:
        return "no leads"
    return (
        f"{100 * rate.rate:.1f} % ({100 * rate.low:.1f} to {100 * rate.high:.1f}),"
        f" {rate.conversions:,} of {rate.leads:,}"
    )


def _method(report: Report) -> list[str]:
    comparison = report.comparison
    return [
        f"Both rule sets are replayed over the {comparison.days} days from"
        f" {comparison.first_day} to {comparison.as_of}, each from the stages that leads held in"
        " production the day before. Scores, bands and stages are those of the last day.",
        *report.notes,
    ]


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _points(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def figures(report: Report) -> Sequence[tuple[str, str, str]]:
    """The numbers to see first: what, how much, and a remark."""
    cards = report.comparison.scorecards
    matrices = {
        aspect: [card.matrices[aspect] for card in cards] for aspect in ("lead_band", "stage")
    }
    leads = sum(matrix.leads for matrix in matrices["lead_band"])
    found = [
        (label, moved, f"{100 * moved / leads:.1f} % of {leads:,}" if leads else "")
        for label, moved in (
            ("leads score differently", sum(card.leads_rescored for card in cards)),
            ("change lead band", sum(matrix.moved for matrix in matrices["lead_band"])),
            ("change stage", sum(matrix.moved for matrix in matrices["stage"])),
        )
    ]
    for name in ("mql", "sql"):
        holders = [getattr(card, name) for card in cards]
        gained, lost = sum(h.gained for h in holders), sum(h.lost for h in holders)
        note = f"{sum(h.before for h in holders):,} to {sum(h.after for h in holders):,}"
        found.append((f"{name.upper()} gained and lost", f"+{gained:,} / -{lost:,}", note))
    shown = [
        (label, value if isinstance(value, str) else f"{value:,}", note)
        for label, value, note in found
    ]
    queues = [card.queue for card in cards]
    if queues and None not in [queue.per_week_before for queue in queues]:
        before = sum(queue.per_week_before for queue in queues)
        after = sum(queue.per_week_after for queue in queues)
        shown.append(("enter the sales queue a week", f"{after:,.1f}", f"{before:,.1f} before"))
    return shown
