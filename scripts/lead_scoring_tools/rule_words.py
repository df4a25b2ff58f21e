"""Rules in words: conditions, windows and decay as a salesperson would say them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

OPERATORS = {
    "equals": "is {}",
    "not_equals": "is not {}",
    "in": "is one of {}",
    "not_in": "is none of {}",
    "contains": "contains {}",
    "starts_with": "starts with {}",
    "ends_with": "ends with {}",
    "matches": "matches {}",
    ">": "is more than {}",
    ">=": "is at least {}",
    "<": "is less than {}",
    "<=": "is at most {}",
    "between": "is from {}",
    "within_days": "is less than {} days ago",
    "older_than_days": "is at least {} days ago",
    "is_known": "is known",
    "is_unknown": "is unknown",
    "is_true": "is true",
    "is_false": "is false",
}
LISTS = {"in": ", ", "not_in": ", ", "between": " to "}


@dataclass(frozen=True, order=True)
class Clause:
    """One row of a rule: a field, an operator, and what it is compared with."""

    field: str
    operator: str
    operand: str = ""

    def words(self) -> str:
        """The clause in words: seniority is one of c_level, vp."""
        operand = LISTS.get(self.operator, "|").join(
            f"{int(part):,}" if part.isascii() and part.isdigit() and len(part) > 4 else part
            for part in map(str.strip, self.operand.split("|"))
        )
        phrase = OPERATORS.get(self.operator, self.operator + " {}")
        return f"{self.field.replace('_', ' ')} {phrase.format(operand)}"

    def implies(self, other: "Clause") -> bool:
        """Whether the other clause holds where this one does, as far as lists and ranges tell."""
        if self == other:
            return True
        if self.field != other.field or self.operator == "is_unknown":
            return False
        if other.operator == "is_known":
            return True
        mine, others = self._members(), other._members()
        if mine and others:
            return mine <= others
        if mine and other.operator in ("not_equals", "not_in"):
            return not mine & other._named()
        return self._is_range_within(other)

    def _named(self) -> frozenset[str]:
        return frozenset(part.strip().lower() for part in self.operand.split("|") if part.strip())

    def _members(self) -> frozenset[str]:
        return self._named() if self.operator in ("equals", "in") else frozenset()

    def _is_range_within(self, other: "Clause") -> bool:
        mine, others = self._range(), other._range()
        if mine is None or others is None:
            return False
        (low, is_low_open, high, is_high_open) = mine
        (least, is_least_open, most, is_most_open) = others
        return (low > least or (low == least and (is_low_open or not is_least_open))) and (
            high < most or (high == most and (is_high_open or not is_most_open))
        )

    def _range(self) -> tuple[float, bool, float, bool] | None:
        """The numbers for which the clause holds: from, without it, to, without it."""
        try:
            numbers = [float(part) for part in self.operand.split("|")]
        except ValueError:
            return None
        first, last = numbers[0], numbers[-1]
        return {
            ">": (first, True, math.inf, False),
            ">=": (first, False, math.inf, False),
            "<": (-math.inf, False, first, True),
            "<=": (-math.inf, False, first, False),
            "between": (first, False, last, False),
            "equals": (first, False, first, False),
            "in": (min(numbers), False, max(numbers), False),
        }.get(self.operator)


def implied_by(clauses: Sequence[Clause], asked: Sequence[Clause]) -> bool:
    """Whether some clauses make sure that all those asked for hold."""
    return all(any(clause.implies(other) for clause in clauses) for other in asked)


def condition_words(clauses: Sequence[Clause]) -> str:
    """All clauses of a rule in words."""
    return " and ".join(clause.words() for clause in clauses)


@dataclass(frozen=True)
class Decay:
    """How the points of an event fade with its age, as in decay_curves."""

    kind: str = "none"
    days: float | None = None
    percent: float | None = None
    delay_days: float = 0
    floor: float = 0

    def words(self) -> str:
        """The curve in words: halves every 7 days."""
        if self.kind == "none":
            return "does not fade"
        days, percent = days_words(self.days), amount(self.percent)
        curve = {
            "exponential": f"halves every {days}",
            "linear": f"fades evenly to nothing over {days}",
            "stepped": f"loses {percent} % of its points every {days}",
            "compounding": f"loses {percent} % of what is left every {days}",
            "window": f"counts in full for {days}, then not at all",
            "hyperbolic": f"falls to half after {days}, then ever more slowly",
        }.get(self.kind, self.kind)
        if self.delay_days:
            curve = f"stays whole for {days_words(self.delay_days)}, then {curve}"
        if self.floor:
            curve += f", but never below {amount(100 * self.floor)} %"
        return curve


def window_words(
    min_events: float | None, max_events: float | None, within_days: float | None
) -> str:
    """The bounds of a count window in words: at least 3 within 7 days."""
    if within_days is None:
        return ""
    if max_events == 0:
        bounds = "none"
    elif min_events is None:
        bounds = f"at most {amount(max_events)}"
    elif max_events is None:
        bounds = f"at least {amount(min_events)}"
    else:
        bounds = f"{amount(min_events)} to {amount(max_events)}"
    return f"{bounds} within {days_words(within_days)}"


def amount(number: float | None) -> str:
    """A number without needless decimals."""
    return "" if number is None else f"{number:,.15g}"


def days_words(days: float | None) -> str:
    """A number of days: 1 day, 7 days."""
    return f"{amount(days)} day{'' if days == 1 else 's'}"
