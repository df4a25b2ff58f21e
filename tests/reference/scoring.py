"""From matches to points, scores, bands and stages (section 6)."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reference.conditions import all_hold, is_open
from reference.decay import factor, weight
from reference.inputs import Event, Inputs, Lead, read_inputs
from reference.rules import (
    EventRule,
    Rule,
    Scorecard,
    Suppression,
    read_scorecards,
    read_suppressions,
)
from reference.traits import traits_of
from reference.values import decimal, rounded, text
from reference.world import Result, Row, World


@dataclass(frozen=True)
class Hit:
    """A rule that matched a lead, with its total before any clamp."""

    rule: Rule
    match_count: int
    points: Fraction
    points_before_decay: Fraction
    last_matched_on: date | None = None


@dataclass(frozen=True)
class Clamp:
    """What a clamp that bites adds to the points."""

    rule_id: str
    category: str | None
    points: Fraction


@dataclass(frozen=True)
class Profile:
    """What a lead is and did, ready for conditions."""

    lead: Lead
    events: list[Event]
    values: Row
    is_customer: bool
    suppression: Suppression | None


def score_world(world: World) -> Result:
    inputs, scorecards = read_inputs(world), read_scorecards(world)
    suppressions = read_suppressions(world)
    traits = _traits(world, inputs)
    scores, contributions = [], []
    for lead_id in sorted(inputs.leads):
        profile = _profile(world, inputs, lead_id, traits[lead_id], suppressions)
        for card in scorecards:
            if all_hold(card.audience, profile.values):
                score, rows = _score(card, profile, world.as_of)
                scores.append(score)
                contributions.extend(rows)
    return Result(
        lead_scores=sorted(scores, key=lambda row: (row["lead_id"], row["scorecard"])),
        contributions=sorted(contributions, key=_contribution_key),
        rule_coverage=_coverage(scorecards, contributions),
        lead_traits=[{"lead_id": lead_id} | traits[lead_id] for lead_id in sorted(traits)],
        event_buckets=dict(inputs.buckets),
    )


def _contribution_key(row: Row) -> tuple[str, ...]:
    return (row["lead_id"], row["scorecard"], row["score"], row["rule_id"])


def _traits(world: World, inputs: Inputs) -> dict[str, Row]:
    purchase_types = frozenset(map(text, world.purchase_types))
    return {
        lead_id: traits_of(
            inputs.events.get(lead_id, []), inputs.conversions.get(lead_id, []), purchase_types
        )
        for lead_id in inputs.leads
    }


def _profile(
    world: World, inputs: Inputs, lead_id: str, traits: Row, suppressions: list[Suppression]
) -> Profile:
    lead = inputs.leads[lead_id]
    values = lead.values | traits
    customer_types = set(map(text, world.customer_types))
    holding = (s for s in suppressions if all_hold(s.conditions, values))
    return Profile(
        lead=lead,
        events=inputs.events.get(lead_id, []),
        values=values,
        is_customer=any(
            c.conversion_type in customer_types for c in inputs.conversions.get(lead_id, [])
        ),
        suppression=next(holding, None),
    )


# Steps 1 to 3: matches and rule totals


def _state_hits(rules: list[Rule], values: Row) -> list[Hit]:
    """Fit and behaviour rules: points once while the conditions hold."""
    return [
        Hit(rule, match_count=1, points=total, points_before_decay=total)
        for rule in rules
        if all_hold(rule.conditions, values)
        for total in [rounded(rule.points, 6)]
    ]


def _event_hits(rules: list[EventRule], profile: Profile, as_of: date) -> list[Hit]:
    hits = []
    for rule in rules:
        matching = [event for event in profile.events if _matches(rule, event)]
        if rule.within_days is None:
            hit = _per_event_hit(rule, matching)
        else:
            hit = _count_window_hit(rule, matching, profile.lead.created_on, as_of)
        if hit is not None:
            hits.append(hit)
    return hits


def _matches(rule: EventRule, event: Event) -> bool:
    if rule.event_type == "*":
        is_of_type = event.is_engagement
    else:
        is_of_type = event.is_catalogued and event.event_type == rule.event_type
    return is_of_type and all_hold(rule.conditions, event.values)


def _counts_by_age(rule: EventRule, events: list[Event]) -> dict[int, int]:
    """`n` per day, a day being an age, after the daily cap."""
    counts = Counter(event.age_days for event in events)
    if rule.daily_cap is None:
        return counts
    return {age: min(count, int(rule.daily_cap)) for age, count in counts.items()}


def _per_event_hit(rule: EventRule, matching: list[Event]) -> Hit | None:
    if not matching:
        return None
    counts = _counts_by_age(rule, matching)
    return Hit(
        rule,
        match_count=sum(counts.values()),
        points=rounded(rule.points * weight(rule.curve, counts), 6),
        points_before_decay=rounded(rule.points * sum(counts.values()), 6),
        last_matched_on=_last_day(matching),
    )


def _count_window_hit(
    rule: EventRule, matching: list[Event], created_on: date | None, as_of: date
) -> Hit | None:
    inside = [event for event in matching if event.age_days < rule.within_days]
    count = sum(_counts_by_age(rule, inside).values())
    if rule.min_events is not None and count < rule.min_events:
        return None
    if rule.max_events is not None:
        is_old_enough = created_on is not None and (as_of - created_on).days >= rule.within_days
        if count > rule.max_events or not is_old_enough:
            return None
    latest_age = min((event.age_days for event in inside), default=0)
    return Hit(
        rule,
        match_count=count,
        points=rounded(rule.points * factor(rule.curve, latest_age), 6),
        points_before_decay=rounded(rule.points, 6),
        last_matched_on=_last_day(inside),
    )


def _last_day(events: list[Event]) -> date | None:
    return max((event.occurred_at.date() for event in events), default=None)


# Steps 4 to 7: clamps


def _clamped(
    value: Fraction, low: Fraction | None = None, high: Fraction | None = None
) -> Fraction:
    if low is not None and value < low:
        return low
    return high if high is not None and value > high else value


def _points_and_clamps(
    card: Scorecard, score: str, totals: list[tuple[Rule, Fraction]]
) -> tuple[Fraction, list[Clamp]]:
    """The points of one score, and the clamps that bit on the way there."""
    clamps = []

    def clamp(
        rule_id: str,
        category: str | None,
        value: Fraction,
        low: Fraction | None,
        high: Fraction | None,
    ) -> Fraction:
        limited = _clamped(value, low, high)
        if limited != value:
            clamps.append(Clamp(rule_id, category, limited - value))
        return limited

    by_category: dict[str | None, Fraction] = defaultdict(Fraction)
    for rule, total in totals:
        limit = None if rule.max_points is None else abs(rule.max_points)
        low = None if limit is None else -limit
        by_category[rule.category] += clamp(
            f"cap:rule:{rule.rule_id}", rule.category, total, low, limit
        )
    points = Fraction(0)
    for category, total in by_category.items():
        low, high = card.caps.get((score, category), (None, None))
        points += clamp(f"cap:category:{category}", category, total, low, high)
    points = clamp("cap:score", None, points, Fraction(0), card.max_points[score])
    return points, clamps


def _fit_range(card: Scorecard, values: Row) -> tuple[Fraction, Fraction]:
    """The points if every open rule went against the lead, and if every one went for it."""
    lowest, highest = [], []
    for rule in card.fit_rules:
        points = rounded(rule.points, 6)
        if is_open(rule.conditions, values):
            lowest.append((rule, min(points, Fraction(0))))
            highest.append((rule, max(points, Fraction(0))))
        elif all_hold(rule.conditions, values):
            lowest.append((rule, points))
            highest.append((rule, points))
    low, _ = _points_and_clamps(card, "fit", lowest)
    high, _ = _points_and_clamps(card, "fit", highest)
    return low, high


def _completeness(card: Scorecard, values: Row) -> float:
    used = {condition.field for rule in card.fit_rules for condition in rule.conditions}
    known = {field for field in used if values[field] is not None}
    return len(known) / len(used) if used else 1.0


# Steps 8 and 9: scores, bands, stages


def _score(card: Scorecard, profile: Profile, as_of: date) -> tuple[Row, list[Row]]:
    fit_hits = _state_hits(card.fit_rules, profile.values)
    engagement_hits = _event_hits(card.engagement_rules, profile, as_of)
    engagement_hits += _state_hits(card.behavior_rules, profile.values)

    fit, fit_clamps = _points_and_clamps(card, "fit", [(h.rule, h.points) for h in fit_hits])
    engagement, engagement_clamps = _points_and_clamps(
        card, "engagement", [(h.rule, h.points) for h in engagement_hits]
    )
    undecayed, _ = _points_and_clamps(
        card, "engagement", [(h.rule, h.points_before_decay) for h in engagement_hits]
    )
    fit_low, fit_high = _fit_range(card, profile.values)

    def percent(points: Fraction, score: str) -> Fraction:
        return 100 * points / card.max_points[score]

    weighted = sum(
        card.weights[score] * percent(points, score)
        for score, points in (("fit", fit), ("engagement", engagement))
    )
    scores = {
        "fit_score": rounded(percent(fit, "fit"), 2),
        "engagement_score": rounded(percent(engagement, "engagement"), 2),
        "engagement_score_undecayed": rounded(percent(undecayed, "engagement"), 2),
        "lead_score": rounded(weighted / sum(card.weights.values()), 2),
        "fit_score_low": rounded(percent(fit_low, "fit"), 2),
        "fit_score_high": rounded(percent(fit_high, "fit"), 2),
    }
    engaged_at = [event.occurred_at for event in profile.events if event.is_engagement]
    row = (
        {"lead_id": profile.lead.lead_id, "scorecard": card.scorecard}
        | {name: decimal(value) for name, value in scores.items()}
        | {"fit_points": decimal(fit), "engagement_points": decimal(engagement)}
        | _standing(card, scores, profile.suppression)
        | {
            "is_customer": profile.is_customer,
            "fit_completeness": _completeness(card, profile.values),
            "last_engagement_at": max(engaged_at, default=None),
            "as_of_date": as_of,
        }
        | _top_reasons(fit_hits + engagement_hits)
    )
    keys = {"lead_id": profile.lead.lead_id, "scorecard": card.scorecard}
    contributions = [
        keys | contribution
        for score, hits, clamps in (
            ("fit", fit_hits, fit_clamps),
            ("engagement", engagement_hits, engagement_clamps),
        )
        for contribution in _contributions(score, hits, clamps)
    ]
    return row, contributions


def _standing(
    card: Scorecard, scores: Mapping[str, Fraction], suppression: Suppression | None
) -> Row:
    """Bands by the rounded scores, and what they mean for the lead."""
    bands = {
        score: _band(card, score, scores[f"{score}_score"])
        for score in ("fit", "engagement", "lead")
    }
    fit_band, engagement_band = bands["fit"], bands["engagement"]
    has_label = fit_band is not None and engagement_band is not None
    stage, next_action = card.stages.get((fit_band, engagement_band), (None, None))
    if suppression is not None:
        stage, next_action = "suppressed", None
    return {f"{score}_band": band for score, band in bands.items()} | {
        "score_label": fit_band + engagement_band if has_label else None,
        "stage": stage,
        "next_action": next_action,
        "is_suppressed": suppression is not None,
        "suppression_reason": None if suppression is None else suppression.reason,
    }


def _band(card: Scorecard, score: str, value: Fraction) -> str | None:
    reached = [band for band in card.bands.get(score, []) if band.min_score <= value]
    return max(reached, key=lambda band: band.min_score).band if reached else None


def _top_reasons(hits: list[Hit]) -> Row:
    ranked = sorted(hits, key=lambda hit: (-abs(hit.points), hit.rule.rule_id))
    reasons = [hit.rule.reason for hit in ranked[:3]] + [None] * 3
    return {f"top_reason_{place}": reasons[place - 1] for place in (1, 2, 3)}


def _contributions(score: str, hits: list[Hit], clamps: list[Clamp]) -> list[Row]:
    matched = [
        {
            "score": score,
            "rule_id": hit.rule.rule_id,
            "category": hit.rule.category,
            "match_count": hit.match_count,
            "points_before_decay": decimal(hit.points_before_decay),
            "points": decimal(hit.points),
            "reason": hit.rule.reason,
            "last_matched_on": hit.last_matched_on,
        }
        for hit in hits
    ]
    capped = [
        {
            "score": score,
            "rule_id": clamp.rule_id,
            "category": clamp.category,
            "match_count": None,
            "points_before_decay": None,
            "points": decimal(clamp.points),
            "reason": None,
            "last_matched_on": None,
        }
        for clamp in clamps
    ]
    return matched + capped


# How often each rule fires


def _coverage(scorecards: list[Scorecard], contributions: list[Row]) -> list[Row]:
    by_rule = defaultdict(list)
    for row in contributions:
        by_rule[row["scorecard"], row["rule_id"]].append(row["points"])
    rules = [
        rule
        for card in scorecards
        for rule in card.fit_rules + card.behavior_rules + card.engagement_rules
    ]
    return [
        {
            "scorecard": rule.scorecard,
            "score": rule.score,
            "rule_id": rule.rule_id,
            "leads_hit": len(by_rule[rule.scorecard, rule.rule_id]),
            "points_given": sum(by_rule[rule.scorecard, rule.rule_id], start=decimal(Fraction(0))),
            "has_never_fired": not by_rule[rule.scorecard, rule.rule_id],
        }
        for rule in sorted(rules, key=lambda rule: (rule.scorecard, rule.rule_id))
    ]
