"""Rules and the other seeds, read into typed records (section 3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from reference.conditions import Condition, read_condition
from reference.decay import NO_DECAY, Curve, read_curve
from reference.inputs import event_types, profile_types
from reference.traits import TRAIT_TYPES
from reference.values import exact, text, trimmed
from reference.world import World

SeedRow = Mapping[str, str | None]


@dataclass(frozen=True)
class Rule:
    """A fit or behaviour rule: points while all conditions hold."""

    rule_id: str
    scorecard: str
    score: str
    category: str | None
    points: Fraction
    reason: str | None
    conditions: list[Condition]
    max_points: Fraction | None = None


@dataclass(frozen=True)
class EventRule(Rule):
    """An engagement rule; a count window where `within_days` is set, else per event."""

    event_type: str | None = None
    curve: Curve = NO_DECAY
    daily_cap: Fraction | None = None
    min_events: Fraction | None = None
    max_events: Fraction | None = None
    within_days: Fraction | None = None


@dataclass(frozen=True)
class Band:
    band: str
    min_score: Fraction


@dataclass(frozen=True)
class Scorecard:
    scorecard: str
    weights: dict[str, Fraction]
    max_points: dict[str, Fraction]
    audience: list[Condition]
    fit_rules: list[Rule]
    behavior_rules: list[Rule]
    engagement_rules: list[EventRule]
    # by score and category: lowest and highest total
    caps: dict[tuple[str, str | None], tuple[Fraction | None, Fraction | None]]
    bands: dict[str, list[Band]]
    # by fit band and engagement band: stage and next action
    stages: dict[tuple[str, str], tuple[str | None, str | None]]

    def with_max_points(self, score: str, max_points: Fraction | None) -> "Scorecard":
        """None changes nothing."""
        changed = {} if max_points is None else {score: max_points}
        return replace(self, max_points=self.max_points | changed)


@dataclass(frozen=True)
class Suppression:
    suppression_id: str
    reason: str | None
    conditions: list[Condition]


RELATIVE_OPERATORS = {"within_days", "older_than_days"}


@dataclass(frozen=True)
class Rulebook:
    """Who gets which points, as of a date."""

    scorecards: list[Scorecard]
    suppressions: list[Suppression]


def read_rulebook(world: World) -> Rulebook:
    return Rulebook(read_scorecards(world), read_suppressions(world))


def depends_on_date(world: World) -> bool:
    """Does any condition compare with the date of the run?"""
    return any(
        text(row.get("operator")) in RELATIVE_OPERATORS
        for rows in world.seeds.values()
        for row in rows
    )


def read_scorecards(world: World) -> list[Scorecard]:
    return [_read_scorecard(world, row) for row in world.seeds.get("scorecards", [])]


def _read_scorecard(world: World, row: SeedRow) -> Scorecard:
    name = trimmed(row["scorecard"])

    def own(seed: str) -> list[SeedRow]:
        return [r for r in world.seeds.get(seed, []) if trimmed(r["scorecard"]) == name]

    bands = defaultdict(list)
    for band in own("score_bands"):
        bands[text(band["score"])].append(Band(trimmed(band["band"]), exact(band["min_score"])))
    return Scorecard(
        scorecard=name,
        weights={score: exact(row[f"{score}_weight"]) for score in ("fit", "engagement")},
        max_points={score: exact(row[f"{score}_max_points"]) for score in ("fit", "engagement")},
        audience=read_conditions(own("scorecard_audiences"), lead_types(world), world),
        fit_rules=_read_rules(own("fit_rules"), "fit", profile_types(world), world),
        behavior_rules=_read_rules(own("behavior_rules"), "engagement", TRAIT_TYPES, world),
        engagement_rules=_read_event_rules(own("engagement_rules"), world),
        caps={
            (text(cap["score"]), trimmed(cap["category"])): (
                exact(cap.get("min_points")),
                exact(cap.get("max_points")),
            )
            for cap in own("category_caps")
        },
        bands=bands,
        stages={
            (trimmed(stage["fit_band"]), trimmed(stage["engagement_band"])): (
                trimmed(stage.get("stage")),
                trimmed(stage.get("next_action")),
            )
            for stage in own("lead_stages")
        },
    )


def lead_types(world: World) -> dict[str, str]:
    """What audiences and suppressions may use."""
    return profile_types(world) | TRAIT_TYPES


def read_suppressions(world: World) -> list[Suppression]:
    """Smallest id first."""
    groups = grouped(world.seeds.get("suppressions", []), "suppression_id")
    return [
        Suppression(
            suppression_id=suppression_id,
            reason=trimmed(groups[suppression_id][0].get("reason")),
            conditions=read_conditions(groups[suppression_id], lead_types(world), world),
        )
        for suppression_id in sorted(groups)
    ]


def _read_rules(
    rows: list[SeedRow], score: str, types: Mapping[str, str], world: World
) -> list[Rule]:
    return [
        Rule(**_shared_columns(same_id, score, types, world))
        for same_id in grouped(rows, "rule_id").values()
    ]


def _read_event_rules(rows: list[SeedRow], world: World) -> list[EventRule]:
    curves = {trimmed(row["decay"]): read_curve(row) for row in world.seeds.get("decay_curves", [])}
    rules = []
    for same_id in grouped(rows, "rule_id").values():
        first = same_id[0]
        decay = trimmed(first.get("decay"))
        rules.append(
            EventRule(
                **_shared_columns(same_id, "engagement", event_types(world), world),
                event_type=text(first["event_type"]),
                curve=NO_DECAY if decay is None else curves[decay],
                daily_cap=exact(first.get("daily_cap")),
                max_points=exact(first.get("max_points")),
                min_events=exact(first.get("min_events")),
                max_events=exact(first.get("max_events")),
                within_days=exact(first.get("within_days")),
            )
        )
    return rules


def _shared_columns(
    same_id: list[SeedRow], score: str, types: Mapping[str, str], world: World
) -> dict[str, object]:
    first = same_id[0]
    return {
        "rule_id": trimmed(first["rule_id"]),
        "scorecard": trimmed(first["scorecard"]),
        "score": score,
        "category": trimmed(first.get("category")),
        "points": exact(first["points"]),
        "reason": trimmed(first.get("reason")),
        "conditions": read_conditions(same_id, types, world),
    }


def read_conditions(rows: list[SeedRow], types: Mapping[str, str], world: World) -> list[Condition]:
    read = [read_condition(row, types, world.as_of) for row in rows]
    return [condition for condition in read if condition is not None]


def grouped(rows: Iterable[SeedRow], id_column: str) -> dict[str, list[SeedRow]]:
    groups = defaultdict(list)
    for row in rows:
        groups[trimmed(row[id_column])].append(row)
    return groups
