"""From matches to points, scores, bands and stages (section 6)."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reference.conditions import all_hold, is_open
from reference.decay import factor, weight
from reference.inputs import Event, Inputs, Lead, Records, inputs_as_of, read_records
from reference.rules import EventRule, Rule, Rulebook, Scorecard, Suppression, read_rulebook
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
    traits: Row
    values: Row
    is_customer: bool
    suppression: Suppression | None


@dataclass(frozen=True)
class Scored:
    """A lead's points on a scorecard, and where they come from."""

    lead_id: str
    scorecard: str
    hits: dict[str, list[Hit]]
    points: dict[str, Fraction]
    clamps: dict[str, list[Clamp]]
    # 0 to 100; not rounded, then rounded
    percents: dict[str, Fraction]
    scores: dict[str, Fraction]


def score_world(world: World) -> Result:
    return score_records(read_records(world), world, read_rulebook(world))


def score_records(records: Records, world: World, rulebook: Rulebook) -> Result:
    inputs = inputs_as_of(records, world)
    profiles = read_profiles(world, inputs, rulebook.suppressions)
    scores, contributions = [], []
    for profile in profiles.values():
        for card in rulebook.scorecards:
            if all_hold(card.audience, profile.values):
                scored = score_profile(card, profile, world.as_of)
                scores.append(_score_row(card, profile, scored, world.as_of))
                contributions.extend(_contributions(scored))
    return Result(
        lead_scores=sorted(scores, key=lambda row: (row["lead_id"], row["scorecard"])),
        contributions=sorted(contributions, key=_contribution_key),
        rule_coverage=_coverage(rulebook.scorecards, contributions),
        lead_traits=[{"lead_id": lead_id} | profiles[lead_id].traits for lead_id in profiles],
        event_buckets=dict(inputs.buckets),
    )


def _contribution_key(row: Row) -> tuple[str, ...]:
    return (row["lead_id"], row["scorecard"], row["score"], row["rule_id"])


def read_profiles(
    world: World, inputs: Inputs, suppressions: list[Suppression]
) -> dict[str, Profile]:
    """Every lead of the inputs, smallest id first."""
    purchase_types = frozenset(map(text, world.purchase_types))
    customer_types = frozenset(map(text, world.customer_types))
    profiles = {}
    for lead_id in sorted(inputs.leads):
        events = inputs.events.get(lead_id, [])
        conversions = inputs.conversions.get(lead_id, [])
        traits = traits_of(events, conversions, purchase_types)
        values = inputs.leads[lead_id].values | traits
        holding = (s for s in suppressions if all_hold(s.conditions, values))
        profiles[lead_id] = Profile(
            lead=inputs.leads[lead_id],
            events=events,
            traits=traits,
            values=values,
            is_customer=any(c.conversion_type in customer_types for c in conversions),
            suppression=next(holding, None),
        )
    return profiles


# Steps 1 to 3: matches and rule totals


def state_hits(rules: list[Rule], values: Row) -> list[Hit]:
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


def points_and_clamps(
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
    low, _ = points_and_clamps(card, "fit", lowest)
    high, _ = points_and_clamps(card, "fit", highest)
    return low, high


def _completeness(card: Scorecard, values: Row) -> float:
    used = {condition.field for rule in card.fit_rules for condition in rule.conditions}
    known = {field for field in used if values[field] is not None}
    return len(known) / len(used) if used else 1.0


# Steps 8 and 9: scores, bands, stages


def score_profile(card: Scorecard, profile: Profile, as_of: date) -> Scored:
    hits = {
        "fit": state_hits(card.fit_rules, profile.values),
        "engagement": _event_hits(card.engagement_rules, profile, as_of)
        + state_hits(card.behavior_rules, profile.values),
    }
    points, clamps = {}, {}
    for score, own in hits.items():
        totals = [(hit.rule, hit.points) for hit in own]
        points[score], clamps[score] = points_and_clamps(card, score, totals)
    percents = {score: percent(card, score, points[score]) for score in points}
    percents["lead"] = weighted(card, percents)
    return Scored(
        lead_id=profile.lead.lead_id,
        scorecard=card.scorecard,
        hits=hits,
        points=points,
        clamps=clamps,
        percents=percents,
        scores={score: rounded(value, 2) for score, value in percents.items()},
    )


def percent(card: Scorecard, score: str, points: Fraction) -> Fraction:
    return 100 * points / card.max_points[score]


def weighted(card: Scorecard, percents: Mapping[str, Fraction]) -> Fraction:
    total = sum(share * percents[score] for score, share in card.weights.items())
    return total / sum(card.weights.values())


def _score_row(card: Scorecard, profile: Profile, scored: Scored, as_of: date) -> Row:
    before_decay = [(hit.rule, hit.points_before_decay) for hit in scored.hits["engagement"]]
    undecayed, _ = points_and_clamps(card, "engagement", before_decay)
    fit_low, fit_high = _fit_range(card, profile.values)
    scores = {
        "fit_score": scored.scores["fit"],
        "engagement_score": scored.scores["engagement"],
        "engagement_score_undecayed": rounded(percent(card, "engagement", undecayed), 2),
        "lead_score": scored.scores["lead"],
        "fit_score_low": rounded(percent(card, "fit", fit_low), 2),
        "fit_score_high": rounded(percent(card, "fit", fit_high), 2),
    }
    engaged_at = [event.occurred_at for event in profile.events if event.is_engagement]
    return (
        {"lead_id": scored.lead_id, "scorecard": scored.scorecard}
        | {name: decimal(value) for name, value in scores.items()}
        | {f"{score}_points": decimal(points) for score, points in scored.points.items()}
        | _standing(card, scored.scores, profile.suppression)
        | {
            "is_customer": profile.is_customer,
            "fit_completeness": _completeness(card, profile.values),
            "last_engagement_at": max(engaged_at, default=None),
            "as_of_date": as_of,
        }
        | top_reasons(scored)
    )


def _standing(
    card: Scorecard, scores: Mapping[str, Fraction], suppression: Suppression | None
) -> Row:
    """Bands by the rounded scores, and what they mean for the lead."""
    bands = {score: band_of(card, score, scores[score]) for score in ("fit", "engagement", "lead")}
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


def band_of(card: Scorecard, score: str, value: Fraction) -> str | None:
    reached = [band for band in card.bands.get(score, []) if band.min_score <= value]
    return max(reached, key=lambda band: band.min_score).band if reached else None


def top_reasons(scored: Scored) -> Row:
    hits = scored.hits["fit"] + scored.hits["engagement"]
    ranked = sorted(hits, key=lambda hit: (-abs(hit.points), hit.rule.rule_id))
    reasons = [hit.rule.reason for hit in ranked[:3]] + [None] * 3
    return {f"top_reason_{place}": reasons[place - 1] for place in (1, 2, 3)}


def _contributions(scored: Scored) -> list[Row]:
    keys = {"lead_id": scored.lead_id, "scorecard": scored.scorecard}
    return [
        keys | {"score": score} | row
        for score in scored.hits
        for row in [
            *map(_matched_row, scored.hits[score]),
            *map(_capped_row, scored.clamps[score]),
        ]
    ]


def _matched_row(hit: Hit) -> Row:
    return {
        "rule_id": hit.rule.rule_id,
        "category": hit.rule.category,
        "match_count": hit.match_count,
        "points_before_decay": decimal(hit.points_before_decay),
        "points": decimal(hit.points),
        "reason": hit.rule.reason,
        "last_matched_on": hit.last_matched_on,
    }


def _capped_row(clamp: Clamp) -> Row:
    return {
        "rule_id": clamp.rule_id,
        "category": clamp.category,
        "match_count": None,
        "points_before_decay": None,
        "points": decimal(clamp.points),
        "reason": None,
        "last_matched_on": None,
    }


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
