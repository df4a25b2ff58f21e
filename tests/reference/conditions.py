"""Conditions on fields (section 3): true, false, or unknown (None)."""

import operator as compare
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reference.values import boolean, day, number, split, text, trimmed

Values = Mapping[str, Any]
Test = Callable[[Any], bool]

COMPARISONS = {">": compare.gt, ">=": compare.ge, "<": compare.lt, "<=": compare.le}


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of a rule. `test` is asked only about known values."""

    field: str
    operator: str
    test: Test

    def holds(self, values: Values) -> bool | None:
        value = values[self.field]
        if self.operator == "is_known":
            return value is not None
        if self.operator == "is_unknown":
            return value is None
        return None if value is None else self.test(value)


def all_hold(conditions: Sequence[Condition], values: Values) -> bool:
    """AND over the rows of a rule: unknown is not enough."""
    return all(condition.holds(values) for condition in conditions)


def is_open(conditions: Sequence[Condition], values: Values) -> bool:
    """Could learning unknown values change the outcome? (section 6)"""
    on_known = [c for c in conditions if values[c.field] is not None]
    on_unknown = [c for c in conditions if values[c.field] is None]
    return bool(on_unknown) and all(c.holds(values) for c in on_known)


def read_condition(
    row: Mapping[str, str | None], types: Mapping[str, str], as_of: date
) -> Condition | None:
    """The condition of a seed row; None for a row that sets none."""
    field, operator = text(row.get("field")), text(row.get("operator"))
    if field is None and operator is None:
        return None
    if field not in types or operator is None:
        raise ValueError(f"no such condition: {field} {operator}")
    value = trimmed(row.get("value")) or ""
    return Condition(field, operator, _test(types[field], operator, value, as_of))


def _test(kind: str, operator: str, value: str, as_of: date) -> Test:
    if operator in ("is_known", "is_unknown"):
        return lambda _: True
    match kind:
        case "text":
            return _text_test(operator, value)
        case "number":
            return _number_test(operator, value)
        case "date":
            return _date_test(operator, value, as_of)
        case "boolean":
            return _boolean_test(operator)
        case "list":
            return _list_test(operator, value)
    raise ValueError(f"no such type: {kind}")


def _text_test(operator: str, value: str) -> Test:
    wanted, options = value.lower(), frozenset(split(value))
    match operator:
        case "equals":
            return lambda known: known == wanted
        case "not_equals":
            return lambda known: known != wanted
        case "in":
            return lambda known: known in options
        case "not_in":
            return lambda known: known not in options
        case "contains":
            return lambda known: wanted in known
        case "starts_with":
            return lambda known: known.startswith(wanted)
        case "ends_with":
            return lambda known: known.endswith(wanted)
        case "matches":
            pattern = re.compile(value, re.IGNORECASE | re.ASCII)
            return lambda known: pattern.search(known) is not None
    raise ValueError(f"text has no operator {operator}")


def _number_test(operator: str, value: str) -> Test:
    options = [_must(number(part), part) for part in split(value)]
    wanted = options[0] if options else _must(None, value)
    match operator:
        case "equals":
            return lambda known: known == wanted
        case "not_equals":
            return lambda known: known != wanted
        case "in":
            return lambda known: known in options
        case "not_in":
            return lambda known: known not in options
        case "between":
            low, high = options
            return lambda known: low <= known <= high
    if operator in COMPARISONS:
        return lambda known: COMPARISONS[operator](known, wanted)
    raise ValueError(f"numbers have no operator {operator}")


def _date_test(operator: str, value: str, as_of: date) -> Test:
    if operator in ("within_days", "older_than_days"):
        days = _must(number(value), value)
        if operator == "within_days":
            return lambda known: 0 <= (as_of - known).days < days
        return lambda known: (as_of - known).days >= days
    dates = [_must(day(part), part) for part in value.split("|")]
    if operator == "between":
        low, high = dates
        return lambda known: low <= known <= high
    if operator in COMPARISONS:
        return lambda known: COMPARISONS[operator](known, dates[0])
    raise ValueError(f"dates have no operator {operator}")


def _boolean_test(operator: str) -> Test:
    if operator in ("is_true", "is_false"):
        wanted = boolean(operator.removeprefix("is_"))
        return lambda known: known is wanted
    raise ValueError(f"booleans have no operator {operator}")


def _list_test(operator: str, value: str) -> Test:
    options = frozenset(split(value))
    match operator:
        case "contains":
            return lambda known: value.lower() in known
        case "in":
            return lambda known: bool(known & options)
        case "not_in":
            return lambda known: not known & options
    raise ValueError(f"lists have no operator {operator}")


def _must(parsed: Any, written: str) -> Any:
    if parsed is None:
        raise ValueError(f"a rule cannot use the value {written!r}")
    return parsed
