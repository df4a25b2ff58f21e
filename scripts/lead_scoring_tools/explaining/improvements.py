"""What would raise the score of one lead: each step that is left, with its exact effect."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from ..rule_words import amount, condition_words, implied_by, window_words
from .arithmetic import SCORES, Rule, Scorecard, Scores, rounded_score

Values = Mapping[str, object]


@dataclass(frozen=True)
class Standing:
    """Where a lead stands on a scorecard: what its rules give, and what decides the others."""

    scorecard: Scorecard
    rules: Sequence[Rule]
    points: Mapping[str, Fraction]
    """Points of each rule that gives some now, before limits."""
    open_rules: frozenset[str]
    """Fit and behaviour rules that hang on an unknown field."""
    values: Values
    """The lead's fields and traits; None is unknown."""
    events_today: Mapping[str, float]
    """Matching events on the date of the scores, by condition."""
    window_counts: Mapping[str, float]
    """Matching events within the window, each day up to its limit, by count-window rule."""
    engagement_types: frozenset[str] = frozenset()
    lead_age_days: int | None = None
    stages_held: Sequence[str] = ()

    @cached_property
    def now(self) -> Scores:
        """The scores as they are."""
        return self.scores(self.points)

    def scores(self, points: Mapping[str, Fraction]) -> Scores:
        """The scores with other points."""
        return self.scorecard.scores(self.rules, points)


@dataclass(frozen=True)
class Improvement:
    """One thing that could happen, and what the scores would be then."""

    kind: str
    """learn (an unknown field), event, behavior, or profile (a known field that is otherwise)"""
    rule_id: str
    score: str
    category: str
    reason: str
    condition: str
    fields: Sequence[str]
    """The fields and traits that it looks at, of events none."""
    now: str
    """What is known of it now."""
    needed: str
    rule_points: Fraction
    """What the rule itself gives then more than now, before limits."""
    points: Fraction
    """By how much the points of the score change, other rules and limits included."""
    scores: Mapping[str, Fraction]
    """fit, engagement and lead as they would be."""
    gain: Fraction
    """By how much the lead score changes."""
    also: Mapping[str, Fraction] = field(default_factory=dict)
    """Other rules that the same thing changes, with what they give then more than now."""
    limits: Sequence[str] = ()
    """Limits that take some or all of it."""
    reaches: Sequence[str] = ()
    """Better bands and stages that the lead would have."""


def improvements(standing: Standing) -> list[Improvement]:
    """Everything that a rule with positive points leaves open, best first."""
    found = [
        change
        for rule in standing.rules
        if rule.points > 0
        for change in [
            _unmet(standing, rule) if rule.earned_by == "profile" else _event(standing, rule)
        ]
        if change
    ]
    return sorted(
        found,
        key=lambda change: (
            -change.gain,
            -change.points,
            len(change.limits),
            change.rule_id,
        ),
    )


# Fields and traits


def _unmet(standing: Standing, rule: Rule) -> Improvement | None:
    """A fit or behaviour rule that gives nothing yet."""
    if rule.rule_id in standing.points:
        return None
    is_open = rule.rule_id in standing.open_rules
    points = dict(standing.points) | {rule.rule_id: rule.points}
    if is_open:
        points = _learned(standing, rule, points)
    kind = "learn" if is_open and rule.score == "fit" else "profile"
    fields = dict.fromkeys(clause.field for clause in rule.clauses)
    return _improvement(
        standing,
        rule,
        points,
        kind="behavior" if rule.score == "engagement" else kind,
        condition=condition_words(rule.clauses),
        fields=list(fields),
        now=_known_words({name: standing.values.get(name) for name in fields}),
        needed=condition_words(rule.clauses),
    )


def _known_words(values: Values) -> str:
    """What is known of some fields now."""
    if all(value is None for value in values.values()):
        return "unknown now"
    return "now " + ", ".join(f"{_said(name)} {shown(value)}" for name, value in values.items())


def _learned(standing: Standing, rule: Rule, points: dict[str, Fraction]) -> dict[str, Fraction]:
    """The points once the unknown fields of an open rule turn out as it asks for.

    Rules that count only while one of these fields is unknown are lost; open rules that ask for
    nothing else are met too.
    """
    learned = [
        clause
        for clause in rule.clauses
        if clause.operator != "is_unknown" and standing.values.get(clause.field) is None
    ]
    fields = {clause.field for clause in learned}
    for other in standing.rules:
        if other.earned_by != "profile" or other.rule_id == rule.rule_id:
            continue
        asks_for = [clause for clause in other.clauses if clause.field in fields]
        if any(clause.operator == "is_unknown" for clause in asks_for):
            points.pop(other.rule_id, None)
        elif other.rule_id in standing.open_rules and implied_by(
            learned, [c for c in other.clauses if standing.values.get(c.field) is None]
        ):
            points[other.rule_id] = other.points
    return points


# Events


def _event(standing: Standing, rule: Rule) -> Improvement | None:
    """One more event that matches the rule; for a count window, as many as it lacks."""
    count = 1
    if rule.earned_by == "window":
        counted = standing.window_counts.get(rule.rule_id, 0)
        if rule.min_events is None:
            return None
        count = max(1, math.ceil(rule.min_events - counted))
        if rule.max_events is not None and counted + count > rule.max_events:
            return None
        if standing.points.get(rule.rule_id) == rule.points:
            return None
    is_feasible_today = _counted_today(standing, rule, count) >= count or count == 1
    matched = _matched_too(standing, rule) if is_feasible_today else []
    points = dict(standing.points)
    for other in [rule, *matched]:
        after = _after(standing, other, count) if is_feasible_today else other.points
        if after is None:
            points.pop(other.rule_id, None)
        else:
            points[other.rule_id] = after
    improvement = _improvement(
        standing,
        rule,
        points,
        kind="event",
        condition=_event_words(rule),
        now=_events_now(standing, rule),
        needed=f"{count} more" + ("" if is_feasible_today else ", on more than one day"),
    )
    if _counted_today(standing, rule, 1) == 0 and rule.earned_by == "event":
        limit = f"not today: the limit of {amount(rule.daily_cap)} a day is reached"
        improvement = replace(improvement, limits=[limit, *improvement.limits])
    return improvement


def _matched_too(standing: Standing, rule: Rule) -> list[Rule]:
    """The rules that every event matches that matches a rule, but for this rule itself."""
    types = {rule.event_type}
    if rule.event_type in standing.engagement_types:
        types.add("*")
    return [
        other
        for other in standing.rules
        if other.earned_by != "profile"
        and other.rule_id != rule.rule_id
        and other.event_type in types
        and implied_by(rule.clauses, other.clauses)
    ]


def _counted_today(standing: Standing, rule: Rule, count: float) -> float:
    """How many of so many more events of today the daily limit lets through."""
    today = standing.events_today.get(rule.condition_id, 0)
    if rule.daily_cap is None:
        return count
    return min(today + count, rule.daily_cap) - min(today, rule.daily_cap)


def _after(standing: Standing, rule: Rule, count: float) -> Fraction | None:
    """The points of a rule after more matching events today, before limits; None if it gives none.

    An event of today has not faded, whatever the curve.
    """
    before = standing.points.get(rule.rule_id)
    more = _counted_today(standing, rule, count)
    if rule.earned_by == "event":
        return (before or Fraction(0)) + rule.points * Fraction(more) if more else before
    counted = standing.window_counts.get(rule.rule_id, 0) + more
    is_old_enough = rule.max_events is None or (
        standing.lead_age_days is not None and standing.lead_age_days >= (rule.within_days or 0)
    )
    fires = (
        counted >= (rule.min_events or 0)
        and (rule.max_events is None or counted <= rule.max_events)
        and is_old_enough
    )
    return rule.points if fires else None


def _event_words(rule: Rule) -> str:
    what = "any engagement" if rule.event_type == "*" else _said(rule.event_type or "")
    parts = [what, condition_words(rule.clauses)]
    if rule.within_days is not None:
        parts.append(window_words(rule.min_events, rule.max_events, rule.within_days))
    return ", ".join(part for part in parts if part)


def _events_now(standing: Standing, rule: Rule) -> str:
    if rule.earned_by == "window":
        counted = standing.window_counts.get(rule.rule_id, 0)
        return f"{amount(counted)} within {amount(rule.within_days)} days"
    today = amount(standing.events_today.get(rule.condition_id, 0))
    return f"{today} on this day" + (f" of {amount(rule.daily_cap)}" if rule.daily_cap else "")


# Effects


def _improvement(
    standing: Standing,
    rule: Rule,
    points: Mapping[str, Fraction],
    *,
    kind: str,
    condition: str,
    fields: Sequence[str] = (),
    now: str,
    needed: str,
) -> Improvement:
    before, after = standing.now, standing.scores(points)
    others = [
        other
        for other in standing.rules
        if other.rule_id != rule.rule_id
        and points.get(other.rule_id) != standing.points.get(other.rule_id)
    ]
    return Improvement(
        kind=kind,
        rule_id=rule.rule_id,
        score=rule.score,
        category=rule.category,
        reason=rule.reason,
        condition=condition,
        fields=fields,
        now=now,
        needed=needed,
        rule_points=_change(standing, points, rule),
        points=sum(
            (
                _clamped_points(standing, after, score) - _clamped_points(standing, before, score)
                for score in SCORES
            ),
            Fraction(0),
        ),
        scores=after.rounded,
        gain=after.rounded["lead"] - before.rounded["lead"],
        also={other.rule_id: _change(standing, points, other) for other in others},
        limits=_limits_met(standing, rule, points, after),
        reaches=_reached(standing, after),
    )


def _change(standing: Standing, points: Mapping[str, Fraction], rule: Rule) -> Fraction:
    nothing = Fraction(0)
    return points.get(rule.rule_id, nothing) - standing.points.get(rule.rule_id, nothing)


def _clamped_points(standing: Standing, scores: Scores, score: str) -> Fraction:
    return max(Fraction(0), min(scores.uncapped[score], standing.scorecard.max_points[score]))


def _limits_met(
    standing: Standing, rule: Rule, points: Mapping[str, Fraction], after: Scores
) -> list[str]:
    """The limits that the points of a rule and its category run into."""
    given = points.get(rule.rule_id, Fraction(0))
    met = []
    if rule.limited(given) != given:
        met.append(f"up to the limit of {amount(float(rule.max_points or 0))} for the rule")
    category = after.categories.get((rule.score, rule.category), Fraction(0))
    limits = standing.scorecard.limits(rule.score, rule.category)
    if limits.high is not None and category > limits.high:
        met.append(f"up to the limit of {amount(float(limits.high))} for {rule.category}")
    uncapped, most = after.uncapped[rule.score], standing.scorecard.max_points[rule.score]
    if uncapped > most:
        met.append(f"up to the maximum of {amount(float(most))} for {rule.score}")
    if standing.now.uncapped[rule.score] < 0:
        below = -float(standing.now.uncapped[rule.score])
        met.append(f"the first {below:,.2f} only make up for what is below zero")
    return met


def _reached(standing: Standing, after: Scores) -> list[str]:
    card, reached = standing.scorecard, []
    for score, value in after.rounded.items():
        band = card.band(score, value)
        is_better = value > standing.now.rounded[score]
        if is_better and band != card.band(score, standing.now.rounded[score]):
            reached.append(f"{score} {band}")
    already = {*card.stages_open(standing.now.rounded), *standing.stages_held}
    return reached + [stage for stage in card.stages_open(after.rounded) if stage not in already]


def shown(value: object) -> str:
    """A value as it is shown; unknown where there is none."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)


def _said(name: str) -> str:
    return name.replace("_", " ")


# What is missing


@dataclass(frozen=True)
class Requirement:
    """A score that a goal asks for, and how much of it is missing."""

    score: str
    at_least: Fraction
    now: Fraction
    missing: Fraction


@dataclass(frozen=True)
class Goal:
    """The next band of a score, or a stage of qualification, and the points to get there.

    The fit points come first, where fit itself is asked for; the engagement points are those that
    are missing then. None: not to be had, whatever happens.
    """

    kind: str
    name: str
    requirements: Sequence[Requirement]
    fit_points: Fraction | None
    engagement_points: Fraction | None
    fit_points_alone: Fraction | None = None
    """Fit points that do without more engagement."""
    obstacles: Sequence[str] = field(default_factory=list)


def goals(standing: Standing) -> list[Goal]:
    """The next bands, and the stages that the lead does not hold."""
    card = standing.scorecard
    found = []
    for score in ("lead", *SCORES):
        if band := card.next_band(score, standing.now.rounded[score]):
            found.append(_goal(standing, "band", f"{score} {band[1]}", {score: band[0]}))
    for stage in dict.fromkeys(threshold.stage for threshold in card.thresholds):
        if stage not in standing.stages_held:
            asked = {t.score: t.enter_at for t in card.thresholds if t.stage == stage}
            found.append(_goal(standing, "stage", stage, asked))
    return found


def _goal(standing: Standing, kind: str, name: str, asked: Mapping[str, Fraction]) -> Goal:
    card, now = standing.scorecard, standing.now
    least_fit = _own_points(card, "fit", asked)
    fit = max(now.uncapped["fit"], least_fit)
    least_engagement = max(
        _own_points(card, "engagement", asked),
        _lead_points(card, "engagement", asked, fit),
    )
    alone = _lead_points(card, "fit", asked, now.uncapped["engagement"])
    is_fit_enough = (
        "lead" in asked
        and now.rounded["engagement"] >= asked.get("engagement", 0)
        and max(alone, least_fit) <= _most_points(standing, "fit")
    )
    return Goal(
        kind=kind,
        name=name,
        requirements=[
            Requirement(
                score, value, now.rounded[score], max(Fraction(0), value - now.rounded[score])
            )
            for score, value in asked.items()
        ],
        fit_points=_missing(standing, "fit", least_fit),
        engagement_points=_missing(standing, "engagement", least_engagement),
        fit_points_alone=_missing(standing, "fit", max(alone, least_fit))
        if is_fit_enough
        else None,
        obstacles=[
            *_obstacles(standing, "fit", least_fit),
            *_obstacles(standing, "engagement", least_engagement),
        ],
    )


Points = Fraction | float
"""Points, or math.inf: more than there can be."""


def _own_points(card: Scorecard, score: str, asked: Mapping[str, Fraction]) -> Points:
    """The fewest points with which a score is what is asked of it."""
    return card.points_for(score, asked[score]) if score in asked else -math.inf


def _lead_points(
    card: Scorecard, score: str, asked: Mapping[str, Fraction], other_points: Points
) -> Points:
    """The fewest points of one score with which the lead score is what is asked of it."""
    if "lead" not in asked:
        return -math.inf
    other = "engagement" if score == "fit" else "fit"
    kept = card.exact_score(other, min(other_points, card.max_points[other]))
    needed = card.points_for_lead(score, kept, asked["lead"])
    if needed is None:
        is_there = rounded_score(kept) >= asked["lead"]
        return -math.inf if is_there else math.inf
    return needed


def _missing(standing: Standing, score: str, least: Points) -> Fraction | None:
    """The points between what there is and what is needed; points below zero count too."""
    now = standing.now.uncapped[score]
    if least <= max(Fraction(0), now):
        return Fraction(0)
    return None if least > standing.scorecard.max_points[score] else Fraction(least) - now


def _obstacles(standing: Standing, score: str, least: Points) -> list[str]:
    if least <= max(Fraction(0), standing.now.uncapped[score]):
        return []
    if least > standing.scorecard.max_points[score]:
        return [f"out of reach: not even an {score} score of 100 would do"]
    most = _most_points(standing, score)
    if least <= most:
        return []
    return [f"out of reach: rules and limits allow {float(most):,.2f} {score} points at most"]


def _most_points(standing: Standing, score: str) -> Points:
    """The most points that rules and limits of categories allow: every open rule for the lead, and
    any number of events. What counts against the lead now stays."""
    categories: dict[str, Points] = {}
    for rule in standing.rules:
        if rule.score == score:
            given = categories.get(rule.category, Fraction(0))
            categories[rule.category] = given + _most_of(standing, rule)
    limits = {category: standing.scorecard.limits(score, category) for category in categories}
    return sum(limits[category].applied(given) for category, given in categories.items())


def _most_of(standing: Standing, rule: Rule) -> Points:
    now = rule.limited(standing.points.get(rule.rule_id, Fraction(0)))
    if rule.score == "fit":
        is_open = rule.rule_id in standing.open_rules
        return max(rule.points, Fraction(0)) if is_open else now
    if rule.points <= 0:
        return now
    if rule.earned_by == "event":
        return math.inf if rule.max_points is None else rule.max_points
    return rule.limited(rule.points)
