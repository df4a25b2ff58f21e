"""Reading text, numbers, dates, booleans and lists (section 2); exact rounding (section 6)."""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from functools import lru_cache
from typing import Any

# Not str.strip(): other kinds of white space stay part of a value.
BLANKS = " \t\r\n\u00a0"

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
TIMESTAMP = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"([Tt ](?P<time>[0-9]{2}:[0-9]{2}(:[0-9]{2})?)([.,](?P<fraction>[0-9]+))?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
TRUE_WORDS = {"true", "t", "yes", "1"}
FALSE_WORDS = {"false", "f", "no", "0"}


def trimmed(value: Any) -> str | None:
    """The value as text without surrounding blanks, case kept; None where nothing is left."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip(BLANKS) or None


def text(value: Any) -> str | None:
    """Text in the form in which it compares."""
    kept = trimmed(value)
    return None if kept is None else kept.lower()


def identifier(value: Any) -> str | None:
    """An id as it stands: blanks around it belong to it, but blanks alone are no id."""
    return None if trimmed(value) is None else str(value)


def number(value: Any) -> float | None:
    """A finite number, from a numeric column or from text."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        parsed = float(value)
    else:
        written = trimmed(value)
        if written is None or not NUMBER.fullmatch(written):
            return None
        parsed = float(written)
    return parsed if math.isfinite(parsed) else None


def exact(value: Any) -> Fraction | None:
    """A number of a seed, without binary rounding."""
    written = trimmed(value)
    return None if number(written) is None else Fraction(Decimal(written))


def timestamp(value: Any) -> datetime | None:
    """A moment in UTC, without a zone attached; a date is its midnight."""
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, time())
    written = trimmed(value)
    return None if written is None else _timestamp_from_text(written)


@lru_cache(maxsize=100_000)
def _timestamp_from_text(written: str) -> datetime | None:
    parts = TIMESTAMP.fullmatch(written)
    if parts is None or (parts["fraction"] and parts["time"].count(":") == 1):
        return None
    try:
        moment = datetime.fromisoformat(f"{parts['date']} {parts['time'] or '00:00'}")
        microseconds = int((parts["fraction"] or "").ljust(6, "0")[:6])
        return moment + timedelta(microseconds=microseconds) - _offset(parts["offset"])
    except (ValueError, OverflowError):
        return None


def _offset(written: str | None) -> timedelta:
    if written is None or written in "Zz":
        return timedelta()
    digits = written[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise ValueError(f"no such offset: {written}")
    size = timedelta(hours=hours, minutes=minutes)
    return -size if written[0] == "-" else size


def day(value: Any) -> date | None:
    """The UTC date of a date or timestamp."""
    moment = timestamp(value)
    return None if moment is None else moment.date()


def boolean(value: Any) -> bool | None:
    """A boolean, from a boolean column or from one of the words for it."""
    word = text(value)
    if word in TRUE_WORDS:
        return True
    return False if word in FALSE_WORDS else None


def split(value: Any) -> list[str]:
    """The members of a list joined by `|`, in the form in which they compare."""
    parts = [text(part) for part in (trimmed(value) or "").split("|")]
    return [part for part in parts if part is not None]


def members(value: Any) -> frozenset[str] | None:
    """A list field; one without members is unknown."""
    return frozenset(split(value)) or None


# How a declared type reads a raw value into what conditions compare; None is unknown.
READERS: dict[str, Callable[[Any], Any]] = {
    "text": text,
    "number": number,
    "boolean": boolean,
    "date": day,
    "list": members,
}


def rounded(value: Fraction, decimals: int) -> Fraction:
    """Rounded, halves away from zero."""
    scale, size = 10**decimals, abs(value.numerator)
    steps = (2 * scale * size + value.denominator) // (2 * value.denominator)
    return Fraction(steps if value.numerator >= 0 else -steps, scale)


def decimal(value: Fraction) -> Decimal:
    """The same number as a `Decimal`; raises rather than lose a digit."""
    context = Context(prec=100, traps=[Inexact])
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))
