"""The scores of one lead from the points of its rules: what they would be with other points.

Only for looking ahead at one lead; what a lead has is read from the tables. Exact fractions, limits
and rounding as in steps 4 to 9 of the order of operations.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..rule_words import Clause, Decay

SCORES = ("fit", "engagement")
POINTS_PLACES = 10**6


@dataclass(frozen=True)
class Rule:
    """A rule of a scorecard, as the last run read it."""

    rule_id: str
    score: str
    category: str
    earned_by: str
    """profile, event or window"""
    condition_id: str
    reason: str
    points: Fraction
    clauses: tuple[Clause, ...] = ()
    event_type: str | None = None
    daily_cap: float | None = None
    max_points: Fraction | None = None
    min_events: float | None = None
    max_events: float | None = None
    within_days: float | None = None
    decay: Decay = field(default_factory=Decay)

    def limited(self, points: Fraction) -> Fraction:
        """Points of the rule within its max_points."""
        if self.max_points is None:
            return points
        return max(-self.max_points, min(self.max_points, points))


@dataclass(frozen=True)
class Limits:
    """The least and the most that a category gives; None does not bind."""

    low: Fraction | None = None
    high: Fraction | None = None

    def applied(self, points: Fraction) -> Fraction:
        """Points within the limits."""
        if self.high is not None and points > self.high:
            return self.high
        return self.low if self.low is not None and points < self.low else points


@dataclass(frozen=True)
class Threshold:
    """A score that a stage of qualification asks for."""

    stage: str
    score: str
    enter_at: Fraction
    exit_below: Fraction
    exit_days: int


@dataclass(frozen=True)
class Scores:
    """What the points of the rules come to."""

    categories: Mapping[tuple[str, str], Fraction]
    """Points by score and category, after the limits of rules, before those of categories."""
    uncapped: Mapping[str, Fraction]
    """Points by score, before they are kept between 0 and the maximum."""
    rounded: Mapping[str, Fraction]
    """fit, engagement and lead, from 0 to 100 with two decimals."""


@dataclass(frozen=True)
class Scorecard:
    """A scorecard with what turns its points into scores, bands and stages."""

    name: str
    description: str
    weights: Mapping[str, Fraction]
    max_points: Mapping[str, Fraction]
    caps: Mapping[tuple[str, str], Limits] = field(default_factory=dict)
    bands: Mapping[str, Sequence[tuple[Fraction, str]]] = field(default_factory=dict)
    """Where each band starts, highest first, by score."""
    thresholds: Sequence[Threshold] = ()

    def scores(self, rules: Iterable[Rule], points: Mapping[str, Fraction]) -> Scores:
        """The scores if the rules had these points; a rule that is not named has none."""
        categories: dict[tuple[str, str], Fraction] = {}
        for rule in rules:
            if rule.rule_id in points:
                key = (rule.score, rule.category)
                given = rule.limited(points[rule.rule_id])
                categories[key] = categories.get(key, Fraction(0)) + given
        uncapped = dict.fromkeys(SCORES, Fraction(0))
        for (score, category), given in categories.items():
            uncapped[score] += self.limits(score, category).applied(given)
        exact = {score: self.exact_score(score, uncapped[score]) for score in SCORES}
        lead = self.exact_lead_score(exact["fit"], exact["engagement"])
        rounded = {score: rounded_score(value) for score, value in (exact | {"lead": lead}).items()}
        return Scores(categories, uncapped, rounded)

    def limits(self, score: str, category: str) -> Limits:
        """The limits of a category."""
        return self.caps.get((score, category), Limits())

    def exact_score(self, score: str, points: Fraction) -> Fraction:
        """Points as a score from 0 to 100, not rounded."""
        most = self.max_points[score]
        return 100 * max(Fraction(0), min(points, most)) / most

    def exact_lead_score(self, fit: Fraction, engagement: Fraction) -> Fraction:
        """The weighted mean of the two scores, not rounded."""
        total = self.weights["fit"] + self.weights["engagement"]
        return (self.weights["fit"] * fit + self.weights["engagement"] * engagement) / total

    def band(self, score: str, value: Fraction) -> str | None:
        """The highest band that a rounded score reaches."""
        return next((name for low, name in self.bands.get(score, ()) if value >= low), None)

    def next_band(self, score: str, value: Fraction) -> tuple[Fraction, str] | None:
        """Where the next better band starts, and its name."""
        above = [band for band in self.bands.get(score, ()) if band[0] > value]
        return above[-1] if above else None

    def stages_open(self, rounded: Mapping[str, Fraction]) -> list[str]:
        """The stages of qualification that a lead with these scores would enter."""
        stages = dict.fromkeys(threshold.stage for threshold in self.thresholds)
        return [
            stage
            for stage in stages
            if all(rounded[t.score] >= t.enter_at for t in self.thresholds if t.stage == stage)
        ]

    def points_for(self, score: str, at_least: Fraction) -> Fraction:
        """The fewest points with which a rounded score reaches a value; more than the maximum if
        none do."""
        return _up(_unrounded(at_least) * self.max_points[score] / 100)

    def points_for_lead(self, score: str, other: Fraction, at_least: Fraction) -> Fraction | None:
        """The fewest points of one score with which the rounded lead score reaches a value, while
        the other score (exact) stays; None if the one has no weight."""
        weight, rest = self.weights[score], self.weights[_other(score)]
        if not weight:
            return None
        needed = (_unrounded(at_least) * (weight + rest) - rest * other) / weight
        return _up(needed * self.max_points[score] / 100)


def rounded_score(value: Fraction) -> Fraction:
    """Two decimals, halves up, after ten decimals, as the models round."""
    return _rounded(_rounded(value, 10), 2)


def _rounded(value: Fraction, places: int) -> Fraction:
    return Fraction(math.floor(value * 10**places + Fraction(1, 2)), 10**places)


def _unrounded(score: Fraction) -> Fraction:
    """The smallest value that is rounded to a score or more."""
    return Fraction(math.ceil(score * 100), 100) - Fraction(1, 200)


def _up(points: Fraction) -> Fraction:
    """The next number of points that has six decimals."""
    return Fraction(math.ceil(points * POINTS_PLACES), POINTS_PLACES)


def _other(score: str) -> str:
    return "engagement" if score == "fit" else "fit"
