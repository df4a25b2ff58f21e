"""Random sequences of runs over weeks, between which data and rules change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from reference import Backfill, World, score_runs
from worlds import AS_OF, PROFILE_CONDITIONS, WORDS, few, seed_row, worlds

Draw = Any
Step = World | Backfill

# Settings are compiled into the models, so all sequences share them.
SETTINGS = {
    "trend_points": 5,
    "forecast_days": 12,
    "history_fill_days": 6,
    "recycled_days": 8,
    "cooling_days": 6,
}
STAGES = [["mql"], ["mql", "sql"], ["sql", "mql"], ["MQL", "Opportunity", "sql"], []]
LEVELS = [
    ("1", "1"),
    ("3", "2"),
    ("10", "5"),
    ("20", "20"),
    ("30", "12.5"),
    ("50", "30"),
    ("5", "0"),
]
ROLES = ["champion", "Decision maker", "user"]


def draw_thresholds(draw: Draw, cards: list[str]) -> list[dict[str, Any]]:
    rows = []
    for card in cards:
        for stage in draw(st.sampled_from(STAGES)):
            for score in draw(few(["lead", "fit", "engagement"], st.sampled_from([1, 1, 2, 3]))):
                enter_at, exit_below = draw(st.sampled_from(LEVELS))
                days = draw(st.sampled_from(["1", "2", "3", "5"]))
                rows.append(
                    seed_row(
                        "qualification_thresholds", card, stage, score, enter_at, exit_below, days
                    )
                )
    return rows


def draw_roles(draw: Draw) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    roles, rules = [], []
    for role in draw(few(ROLES, st.integers(0, 3))):
        roles.append(seed_row("buying_roles", role, "Somebody who is needed"))
        for number in range(draw(st.integers(1, 2))):
            for condition in draw(few(PROFILE_CONDITIONS, st.sampled_from([1, 1, 2]))):
                rules.append(seed_row("buying_role_rules", f"{role} {number}", role, *condition))
    return roles, rules


def draw_rollups(draw: Draw, cards: list[str]) -> list[dict[str, Any]]:
    kinds = [
        ("max", None, None, None),
        ("sum", None, None, "20"),
        ("Top_K", "2", "0.5", None),
        ("top_k", "3", "0", "7.5"),
        ("top_k", "1", "1", None),
    ]
    return [
        seed_row("account_rollups", card, *draw(st.sampled_from(kinds)))
        for card in cards
        if draw(st.booleans())
    ]


def draw_journey(draw: Draw, catalogue: list[dict[str, Any]]) -> list[dict[str, Any]]:
    types = sorted({str(row["event_type"]).strip().lower() for row in catalogue})
    topics = sorted({topic.strip().lower() for topic in WORDS["content_topic"]})
    keys = [("event_type", name) for name in types] + [("content_topic", name) for name in topics]
    return [
        seed_row("journey_steps", field, value, draw(st.sampled_from(STEPS)))
        for field, value in draw(few(keys, st.integers(0, 6)))
    ]


STEPS = ["awareness", "consideration", "Decision"]


@st.composite
def dated_worlds(draw: Draw) -> World:
    """Worlds with stages, buying roles, roll-ups and journey steps."""
    world = draw(worlds(with_traits=True, with_count_windows=True))
    cards = [row["scorecard"] for row in world.seeds["scorecards"]]
    roles, role_rules = draw_roles(draw)
    # What an exclusion on the age of a date drops is judged as of the run, for all of its dates.
    exclusions = [
        row
        for row in world.seeds["event_exclusions"]
        if str(row["operator"]).strip().lower() not in ("within_days", "older_than_days")
    ]
    seeds = world.seeds | {
        "event_exclusions": exclusions,
        "qualification_thresholds": draw_thresholds(draw, cards),
        "buying_roles": roles,
        "buying_role_rules": role_rules,
        "account_rollups": draw_rollups(draw, cards),
        "journey_steps": draw_journey(draw, world.seeds["event_catalog"]),
    }
    return replace(world, seeds=seeds, **SETTINGS)


@st.composite
def run_sequences(draw: Draw) -> list[Step]:
    """Runs on different dates up to `AS_OF`, between which data and rules change."""
    world = draw(dated_worlds())
    gaps = draw(st.lists(st.sampled_from([1, 1, 1, 2, 3, 6, 7, 9, 0, -2]), min_size=1, max_size=5))
    dates = [AS_OF]
    for gap in reversed(gaps):
        dates.append(dates[-1] - timedelta(days=gap))
    steps: list[Step] = []
    for as_of in reversed(dates):
        world = replace(draw_change(draw, world), as_of=as_of)
        steps.append(world)
    if draw(st.integers(0, 3)) == 0:
        first = AS_OF - timedelta(days=draw(st.sampled_from([0, 1, 4, 11, 15])))
        last = AS_OF - timedelta(days=draw(st.sampled_from([0, 0, 3])))
        steps.insert(draw(st.integers(0, len(steps))), Backfill(world, min(first, last), last))
    return steps


def leaves_rows(steps: Sequence[Step]) -> bool:
    """Whether events and stages count in the end: the first sequences that are drawn are empty."""
    result = score_runs(steps)
    is_engaged = any(row["engagement_score"] > 0 for row in result.lead_score_history)
    return is_engaged and bool(result.lead_stage_transitions)


def draw_change(draw: Draw, world: World) -> World:
    kind = draw(
        st.sampled_from([None, None, None, "late", "gone", "erased", "thresholds", "suppressed"])
    )
    raw, seeds = dict(world.raw), dict(world.seeds)
    if kind == "late" and raw["raw_events"]:
        places = draw(st.sets(st.integers(0, len(raw["raw_events"]) - 1), max_size=3))
        raw["raw_events"] = [row for i, row in enumerate(raw["raw_events"]) if i not in places]
    elif kind == "gone" and raw["raw_leads"]:
        place = draw(st.integers(0, len(raw["raw_leads"]) - 1))
        raw["raw_leads"] = [row for i, row in enumerate(raw["raw_leads"]) if i != place]
    elif kind == "erased" and raw["raw_leads"]:
        lead_id = draw(st.sampled_from(raw["raw_leads"]))["lead_id"]
        if lead_id and lead_id.strip():
            seeds["erasures"] = [
                *seeds.get("erasures", []),
                seed_row("erasures", lead_id, None, None),
            ]
    elif kind == "thresholds":
        cards = [row["scorecard"] for row in seeds["scorecards"]]
        seeds["qualification_thresholds"] = draw_thresholds(draw, cards)
    elif kind == "suppressed":
        condition = draw(st.sampled_from(PROFILE_CONDITIONS))
        seeds["suppressions"] = [seed_row("suppressions", "all of a kind", *condition, "Not now")]
    return replace(world, raw=raw, seeds=seeds)
