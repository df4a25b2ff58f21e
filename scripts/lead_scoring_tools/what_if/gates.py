"""Limits that a change of the rules must keep, such as band_moves > 10%."""

import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..errors import UserMistakeError
from .comparisons import Comparison, Holders, Matrix
from .outcomes import Outcomes

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
GATE = re.compile(r"\s*([a-z_]+)\s*(>=|<=|>|<)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)\s*")
EXIT_STATUS = 2


@dataclass(frozen=True)
class Amount:
    """A measure, and what 100 % of it would be where a share of it means something."""

    value: float
    whole: float | None = None

    def share(self) -> float:
        """The value in per cent of the whole; of nothing, any change is infinitely much."""
        if not self.whole:
            return math.copysign(math.inf, self.value) if self.value else 0.0
        return 100 * self.value / self.whole


class GateFailedError(UserMistakeError):
    """The change does more than it may."""

    exit_status = EXIT_STATUS

    def __init__(self, sentences: Sequence[str]) -> None:
        Exception.__init__(self, "\n".join(sentences))


@dataclass(frozen=True)
class Measure:
    """Something that a gate can look at."""

    meaning: str
    has_share: bool
    of: Callable[[Comparison, Sequence[Outcomes]], Amount | None]


def _matrix_moves(aspect: str) -> Callable[[Comparison, Sequence[Outcomes]], Amount]:
    def amount(found: Comparison, _: Sequence[Outcomes]) -> Amount:
        matrices: list[Matrix] = [card.matrices[aspect] for card in found.scorecards]
        return Amount(sum(m.moved for m in matrices), sum(m.leads for m in matrices))

    return amount


def _holder_moves(stage: str) -> Callable[[Comparison, Sequence[Outcomes]], Amount]:
    def amount(found: Comparison, _: Sequence[Outcomes]) -> Amount:
        holders: list[Holders] = [getattr(card, stage) for card in found.scorecards]
        return Amount(sum(h.gained + h.lost for h in holders), sum(h.before for h in holders))

    return amount


def _holder_change(stage: str) -> Callable[[Comparison, Sequence[Outcomes]], Amount]:
    def amount(found: Comparison, _: Sequence[Outcomes]) -> Amount:
        holders: list[Holders] = [getattr(card, stage) for card in found.scorecards]
        return Amount(sum(h.after - h.before for h in holders), sum(h.before for h in holders))

    return amount


def _queue_change(found: Comparison, _: Sequence[Outcomes]) -> Amount | None:
    befores = [card.queue.per_week_before for card in found.scorecards]
    afters = [card.queue.per_week_after for card in found.scorecards]
    if None in befores:
        return None
    return Amount(sum(afters) - sum(befores), sum(befores))


def _largest_move(found: Comparison, _: Sequence[Outcomes]) -> Amount:
    return Amount(max((card.largest_move for card in found.scorecards), default=0.0))


def _rank_correlation(found: Comparison, _: Sequence[Outcomes]) -> Amount | None:
    known = [card.rank_correlation for card in found.scorecards]
    known = [value for value in known if value is not None]
    return Amount(min(known)) if known else None


def _auc_change(_: Comparison, outcomes: Sequence[Outcomes]) -> Amount | None:
    known = [found.auc_change.value for found in outcomes]
    known = [value for value in known if not math.isnan(value)]
    return Amount(min(known)) if known else None


def _lift_change(_: Comparison, outcomes: Sequence[Outcomes]) -> Amount | None:
    known = [found.after.top_decile_lift - found.before.top_decile_lift for found in outcomes]
    known = [value for value in known if not math.isnan(value)]
    return Amount(min(known)) if known else None


MEASURES = {
    "band_moves": Measure(
        "leads that change lead band; %: of all leads", True, _matrix_moves("lead_band")
    ),
    "stage_moves": Measure(
        "leads that change stage; %: of all leads", True, _matrix_moves("stage")
    ),
    "mql_moves": Measure(
        "leads that become or cease to be MQL; %: of the MQL before", True, _holder_moves("mql")
    ),
    "sql_moves": Measure(
        "leads that become or cease to be SQL; %: of the SQL before", True, _holder_moves("sql")
    ),
    "mql_change": Measure("MQL after less MQL before; %: of before", True, _holder_change("mql")),
    "sql_change": Measure("SQL after less SQL before; %: of before", True, _holder_change("sql")),
    "queue_change": Measure(
        "entries into the sales queue per week after less before; %: of before",
        True,
        _queue_change,
    ),
    "largest_move": Measure("points by which a lead score moves at most", False, _largest_move),
    "rank_correlation": Measure("the lowest of the scorecards", False, _rank_correlation),
    "auc_change": Measure("AUC after less AUC before, the lowest", False, _auc_change),
    "lift_change": Measure("top-decile lift after less before, the lowest", False, _lift_change),
}


@dataclass(frozen=True)
class Gate:
    """A limit as it was given."""

    text: str
    measure: str
    compares: str
    limit: float
    is_share: bool


def parse_gates(texts: Sequence[str]) -> list[Gate]:
    """The limits of the options; each may hold several, parted by commas."""
    return [_parse(part) for text in texts for part in text.split(",") if part.strip()]


def _parse(text: str) -> Gate:
    found = GATE.fullmatch(text)
    if found is None or found[1] not in MEASURES:
        raise UserMistakeError(
            "--fail-if",
            f"a measure, one of {', '.join(OPERATORS)}, and a number, such as 'band_moves > 10%'",
            f"'{text.strip()}'",
            f"The measures are {', '.join(MEASURES)}.",
        )
    if found[4] and not MEASURES[found[1]].has_share:
        raise UserMistakeError(
            "--fail-if", f"a number without % for {found[1]}", f"'{text.strip()}'", "Correct it."
        )
    return Gate(text.strip(), found[1], found[2], float(found[3]), bool(found[4]))


def check_gates(
    gates: Sequence[Gate], found: Comparison, outcomes: Sequence[Outcomes]
) -> list[str]:
    """A sentence for each limit that is not kept."""
    return [sentence for gate in gates if (sentence := _check(gate, found, outcomes))]


def _check(gate: Gate, found: Comparison, outcomes: Sequence[Outcomes]) -> str | None:
    amount = MEASURES[gate.measure].of(found, outcomes)
    if amount is None:
        return (
            f"[lead_scoring] --fail-if '{gate.text}': expected something to measure {gate.measure}"
            " by, found nothing. Without outcomes, or with a replay of one day, leave it out."
        )
    value = amount.share() if gate.is_share else amount.value
    if not OPERATORS[gate.compares](value, gate.limit):
        return None
    unit = "%" if gate.is_share else ""
    shown = f"{value:,.4g}{unit}"
    if gate.is_share:
        shown += f" ({amount.value:,.4g} of {amount.whole:,.4g})"
    return (
        f"[lead_scoring] --fail-if '{gate.text}': found {shown}."
        " Change less, or allow more if this is what you want."
    )
