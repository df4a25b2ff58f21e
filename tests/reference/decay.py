"""Decay curves (section 4)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from reference.values import exact, text

ONE, ZERO = Fraction(1), Fraction(0)


@dataclass(frozen=True, eq=False)
class Curve:
    """A row of the seed. Told apart by identity, which keeps the cache of factors cheap."""

    kind: str
    days: Fraction | None = None
    percent: Fraction | None = None
    delay_days: Fraction = ZERO
    floor: Fraction = ZERO


NO_DECAY = Curve("none")


def read_curve(row: Mapping[str, str | None]) -> Curve:
    return Curve(
        kind=text(row["kind"]) or "none",
        days=exact(row.get("days")),
        percent=exact(row.get("percent")),
        delay_days=exact(row.get("delay_days")) or ZERO,
        floor=exact(row.get("floor")) or ZERO,
    )


@lru_cache(maxsize=100_000)
def factor(curve: Curve, age_days: int) -> Fraction:
    """The share of its points that an event of this age keeps."""
    if curve.kind == "none":
        return ONE
    ratio = max(ZERO, age_days - curve.delay_days) / curve.days
    return max(_factor_before_floor(curve, ratio), curve.floor)


def weight(curve: Curve, counts: Mapping[int, int]) -> Fraction:
    """The sum of count times factor over ages, exactly."""
    # Whole numbers over one denominator: the same sum, far faster than fractions.
    shares = [(factor(curve, age_days), count) for age_days, count in counts.items()]
    denominator = math.lcm(*(share.denominator for share, _ in shares))
    numerators = (
        count * share.numerator * (denominator // share.denominator) for share, count in shares
    )
    return Fraction(sum(numerators), denominator)


def _factor_before_floor(curve: Curve, ratio: Fraction) -> Fraction:
    match curve.kind:
        case "exponential":
            return ZERO if ratio > 64 else _half_to_the(ratio)
        case "linear":
            return max(ZERO, 1 - ratio)
        case "stepped":
            return max(ZERO, 1 - curve.percent / 100 * math.floor(ratio))
        case "compounding":
            return ZERO if ratio > 64 else (1 - curve.percent / 100) ** math.floor(ratio)
        case "window":
            return ONE if ratio < 1 else ZERO
        case "hyperbolic":
            return 1 / (1 + ratio)
    raise ValueError(f"no such kind of decay: {curve.kind}")


def _half_to_the(ratio: Fraction) -> Fraction:
    """Exact for whole half-lives; between them the power is irrational and a float serves."""
    if ratio.denominator == 1:
        return Fraction(1, 2**ratio.numerator)
    return Fraction(0.5 ** float(ratio))
