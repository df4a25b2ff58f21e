"""Runs that read only what is new leave what a full refresh leaves, whatever comes when."""

import json
import math
import os
import random
import shutil
import time as time_module
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import generate_demo
import pytest
from comparison import KEYS, Comparison, compare
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pipeline import (
    AS_OF_MARK,
    CompiledPipeline,
    Row,
    Warehouse,
    patterns_statement,
    rows_of,
    run_dbt,
    start_dbt,
    with_dates,
)
from reference import World, score_world
from sequences import SETTINGS, dated_worlds
from test_reference import catalogued, engagement_rule, event, lead, world
from test_reference import rule as reference_rule
from worlds import (
    ANONYMOUS_IDS,
    AS_OF,
    CATALOGUE,
    EVENT_CONDITIONS,
    EVENT_POOLS,
    EVENT_TYPE_CONDITIONS,
    STAMPS,
    WORLD_ACCOUNT_FIELDS,
    WORLD_EVENT_FIELDS,
    WORLD_LEAD_FIELDS,
    draw_engagement_rules,
    draw_groups,
    few,
    seed_row,
)

TOLERANCE = timedelta(minutes=60)
# What is kept from run to run, or made of it, and the public tables that have no memory of runs.
KEPT = [
    "int_events_resolved",
    "int_events_left_out",
    "int_activity_matched",
    "int_activity_days_rolled",
    "int_interests_rolled",
]
PUBLIC = [*KEYS, "data_quality_issues"]
# All that a run has to build for a comparison.
TESTED = {*KEPT, *PUBLIC, "int_dates_recorded", "int_forecast_scores_normalised"}
# What is kept of traits and scores, and where the run lists for whom it makes that.
KEPT_FOR_SCORES = {
    "int_traits_measured": "int_traits_due",
    "int_rule_points_weighed": "int_points_due",
    "int_forecast_traits_measured": "int_forecast_traits_due",
    "int_forecast_scores_normalised": "int_forecast_scores_due",
}
# With what lies between.
MADE_FOR_SCORES = {
    *KEPT_FOR_SCORES,
    *KEPT_FOR_SCORES.values(),
    "int_score_inputs_digested",
    "int_dated_conditions_matched",
    "int_lead_scorecards_assigned",
    "int_forecast_conditions_matched",
    "int_forecast_scorecards_assigned",
    "int_forecast_points_weighed",
    "int_forecast_points_capped",
}
MATCHES, DATES = "int_activity_matched", "int_dates_scored"
NOTES = "int_event_days_touched"
ROLLED_UP = ["int_activity_matched", "int_activity_days_rolled", "int_interests_rolled"]
# How far a table has been read, which depends on when it was.
BOOKKEEPING = {"read_from", "settled_others", "change_number", "made_in"}
FORECASTS = "int_forecast_scores_normalised"
FORECAST_TRAITS = "int_forecast_traits_measured"
TRAITS, POINTS = "int_traits_measured", "int_rule_points_weighed"
# A run that dies does so before the history is written; what happens later is tested elsewhere.
FIRST_OF_HISTORY = "int_score_history_recorded"


# When rows were loaded: after a run that has read late ones, early ones are not read again.
EARLY, LATE, UNKNOWN = "2024-06-30T06:00:00Z", "2024-06-30T12:00:00Z", None


INTERNAL = "main_intermediate"


def content(rows: list[Row]) -> list[str]:
    """The rows without bookkeeping, in an order of their own; sums are equal to nine digits."""

    def text(value: Any) -> str:
        return f"{value:.9g}" if isinstance(value, float) and math.isfinite(value) else str(value)

    return sorted(
        str({name: text(value) for name, value in row.items() if name not in BOOKKEEPING})
        for row in rows
        if not ("change_number" in row and row["lead_id"] is None)
    )


def assert_same(table: str, found: list[Row], expected: list[Row]) -> None:
    ours, theirs = Counter(content(found)), Counter(content(expected))
    assert ours - theirs == Counter(), f"{table}: rows that should not be there"
    assert theirs - ours == Counter(), f"{table}: rows that should be there"


def ancestors(pipeline: CompiledPipeline, names: set[str]) -> set[str]:
    """The models that are needed to build some."""
    needed = set(names)
    for model in reversed(pipeline.first.models):
        if model.name in needed:
            needed |= model.parents
    return needed


def assert_kept_as_refreshed(warehouse: Warehouse, world: World) -> None:
    """What a run has left of the events is what a full refresh leaves."""
    pipeline = warehouse.pipeline
    with Warehouse(pipeline) as refreshed:
        refreshed.run(world, ancestors(pipeline, set(KEPT)))
        dates = {row["as_of_date"] for row in refreshed.rows(DATES, INTERNAL)}
        for table in KEPT:
            found = warehouse.rows(table, INTERNAL)
            expected = refreshed.rows(table, INTERNAL)
            if table == MATCHES:
                # Without a history only the dates of the run itself are scored.
                assert_same(table, found, matched_anew(warehouse, world))
                found = [row for row in found if row["as_of_date"] in {None, *dates}]
            assert_same(table, found, expected)


def matched_anew(warehouse: Warehouse, world: World) -> list[Row]:
    """What the events match, for all dates that the run scores, without what is kept."""
    model = next(model for model in warehouse.pipeline.first.models if model.name == MATCHES)
    query = with_dates(model, {AS_OF_MARK: world.as_of}).sql
    return rows_of(warehouse.connection, query)


def assert_scores_kept_as_anew(warehouse: Warehouse, world: World) -> dict[str, tuple[int, int]]:
    """What runs have kept of traits, points and forecasts is what all leads are given anew.

    Returns for each table of how many leads it has rows, and for how many the last run made them.
    """
    connection = warehouse.connection.connection
    for model in warehouse.pipeline.first.models:
        if model.name not in MADE_FOR_SCORES:
            continue
        if model.subject:
            connection.execute(patterns_statement(model.subject))
        query = with_dates(model, {AS_OF_MARK: world.as_of}).sql
        for name in MADE_FOR_SCORES:
            query = query.replace(f'"lead_scoring"."main_intermediate"."{name}"', f"anew_{name}")
        connection.execute(f"create or replace temp table anew_{model.name} as {query}")
    seen = {}
    for table, due in KEPT_FOR_SCORES.items():
        found = warehouse.rows(table, INTERNAL)
        assert_same(table, found, rows_of(warehouse.connection, f"select * from anew_{table}"))
        made = {row["lead_id"] for row in warehouse.rows(due, INTERNAL)}
        seen[table] = len({row["lead_id"] for row in found}), len(made)
    return seen


def assert_scored_as_by_reference(warehouse: Warehouse, world: World) -> None:
    found = {table: warehouse.rows(table) for table in PUBLIC}
    assert compare(found, score_world(world)) == []


def is_busy(world: World) -> bool:
    """Whether the world has leads and events enough for something to change."""
    return len(world.raw["raw_leads"]) >= 2 and len(world.raw["raw_events"]) >= 12


BUSY_WORLDS = dated_worlds().filter(is_busy)


class IncrementalRuns(RuleBasedStateMachine):
    """Data and rules change, and runs see it, on any date, some of which die half-way."""

    pipeline: ClassVar[CompiledPipeline]
    # How often something has been done, in all sequences.
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.warehouse = Warehouse(self.pipeline)
        self.has_run = self.has_events_without_id = False
        self.changes = 1

    def teardown(self) -> None:
        self.warehouse.close()

    # What is there at first

    @initialize(
        data=st.data(),
        age=st.sampled_from([6, 10, 20]),
        patience=st.lists(st.integers(1, 6), min_size=3, max_size=3),
    )
    def begin(self, data: st.DataObject, age: int, patience: list[int]) -> None:
        world = data.draw(BUSY_WORLDS)
        # Only who holds a stage has a forecast, so all do.
        held = [
            seed_row("qualification_thresholds", row["scorecard"], "mql", "lead", "0", "0", "1")
            for row in world.seeds["scorecards"]
        ]
        world = replace(world, seeds=world.seeds | {"qualification_thresholds": held})
        self.most_changes = cycle(patience)
        self.next_run_after = next(self.most_changes)
        self.day = AS_OF - timedelta(days=age)
        self.clock = datetime.combine(self.day, time(0, 30))
        rows = data.draw(st.permutations(world.raw["raw_events"]))
        held_back = data.draw(st.integers(len(rows) // 4, len(rows)))
        self.pending = rows[:held_back]
        self.gone_leads: list[Row] = []
        self.aside: dict[str, list[Row]] = defaultdict(list)
        self.world = world
        self.counts["sequences"] += 1
        self.put("raw_events", [self.stamped(data, row) for row in rows[held_back:]])

    def put(self, table: str, rows: list[Row]) -> None:
        self.world = replace(self.world, raw=self.world.raw | {table: rows})
        self.changes += 1
        self.counts[f"changes of {table}"] += 1

    def seed(self, name: str, rows: list[Row]) -> None:
        self.world = replace(self.world, seeds=self.world.seeds | {name: rows})
        self.changes += 1
        self.counts[f"changes of {name}"] += 1

    @property
    def events(self) -> list[Row]:
        return self.world.raw["raw_events"]

    def stamped(self, data: st.DataObject, row: Row) -> Row:
        """The row as loaded now, by a clock that lies within the tolerance, or not known when."""
        late = data.draw(st.sampled_from([0, 0, 0, 1, 30, 59, 59, None, "unknown", "ahead"]))
        if late is None or late == "unknown":
            return row | {"loaded_at": late}
        if late == "ahead":
            return row | {"loaded_at": "2034-01-01T00:00:00Z"}
        return row | {"loaded_at": (self.clock - timedelta(minutes=late)).isoformat()}

    # What arrives

    @precondition(lambda self: self.pending)
    @rule(data=st.data(), count=st.integers(1, 8))
    def events_arrive(self, data: st.DataObject, count: int) -> None:
        arriving, self.pending = self.pending[:count], self.pending[count:]
        self.put("raw_events", self.events + [self.stamped(data, row) for row in arriving])

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def an_event_arrives_again(self, data: st.DataObject) -> None:
        row = self.stamped(data, data.draw(st.sampled_from(self.events)))
        self.put("raw_events", [*self.events, row])

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def an_event_is_corrected(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.events))
        other = data.draw(st.sampled_from(self.events))
        kept = data.draw(few(["occurred_at", "owner", "event_type", "others"], st.integers(1, 2)))
        changes = {}
        if "occurred_at" in kept:
            changes["occurred_at"] = data.draw(st.sampled_from(STAMPS))
        if "owner" in kept:
            changes |= {name: other[name] for name in ("lead_id", "anonymous_id")}
        if "event_type" in kept:
            changes["event_type"] = other["event_type"]
        if "others" in kept:
            changes |= {name: data.draw(st.sampled_from(EVENT_POOLS[name])) for name in EVENT_POOLS}
        self.put("raw_events", [*self.events, self.stamped(data, row | changes)])

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def an_event_is_deleted(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.events)) | {"is_deleted": "true"}
        self.put("raw_events", [*self.events, self.stamped(data, row)])

    @precondition(lambda self: self.events)
    @rule(data=st.data(), copies=st.integers(1, 2))
    def events_without_id_arrive(self, data: st.DataObject, copies: int) -> None:
        row = self.stamped(data, data.draw(st.sampled_from(self.events)) | {"event_id": None})
        self.put("raw_events", self.events + [row] * copies)
        self.has_events_without_id = True

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def a_raw_row_vanishes(self, data: st.DataObject) -> None:
        last = len(self.events) - 1
        # Often one that runs have read, and still look at.
        place = data.draw(st.integers(0, last) | st.integers(max(0, last - 4), last))
        self.put("raw_events", self.events[:place] + self.events[place + 1 :])

    # Whose the events are

    @rule(data=st.data())
    def a_visitor_is_linked(self, data: st.DataObject) -> None:
        leads = [row["lead_id"] for row in self.world.raw["raw_leads"]] or ["nobody"]
        link = {
            "anonymous_id": data.draw(st.sampled_from(ANONYMOUS_IDS)),
            "lead_id": data.draw(st.sampled_from(leads)),
            "linked_at": data.draw(st.sampled_from([self.clock.isoformat(), None])),
            "is_deleted": data.draw(st.sampled_from([None, None, "true"])),
        }
        self.put("raw_identities", [*self.world.raw["raw_identities"], link])

    @precondition(lambda self: self.world.raw["raw_leads"])
    @rule(data=st.data(), way=st.sampled_from(["row", "tombstone", "erasure"]))
    def a_lead_goes(self, data: st.DataObject, way: str) -> None:
        leads = self.world.raw["raw_leads"]
        row = data.draw(st.sampled_from(leads))
        if not (row["lead_id"] or "").strip():
            return
        if way == "row":
            self.gone_leads += [lead for lead in leads if lead["lead_id"] == row["lead_id"]]
            self.put("raw_leads", [lead for lead in leads if lead["lead_id"] != row["lead_id"]])
        elif way == "tombstone":
            mark = {"is_deleted": "true", "updated_at": self.clock.isoformat()}
            self.put("raw_leads", [*leads, row | mark])
        else:
            erasure = seed_row("erasures", row["lead_id"], None, None)
            self.seed("erasures", [*self.world.seeds.get("erasures", []), erasure])

    @rule(data=st.data())
    def a_lead_comes_back(self, data: st.DataObject) -> None:
        self.put("raw_leads", [*self.world.raw["raw_leads"], *self.gone_leads])
        self.gone_leads = []
        erasures = self.world.seeds.get("erasures", [])
        if erasures:
            self.seed("erasures", erasures[: data.draw(st.integers(0, len(erasures)))])

    @precondition(lambda self: self.world.raw["raw_leads"])
    @rule(data=st.data())
    def a_lead_changes(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.world.raw["raw_leads"]))
        changes = {
            "created_at": data.draw(st.sampled_from(STAMPS)),
            "updated_at": self.clock.isoformat(),
        }
        self.put("raw_leads", [*self.world.raw["raw_leads"], row | changes])

    # What only scores are made of

    @rule(data=st.data(), table=st.sampled_from(["raw_conversions", "raw_firmographics"]))
    def rows_go_or_come_back(self, data: st.DataObject, table: str) -> None:
        rows, aside = self.world.raw.get(table, []), self.aside[table]
        if aside and data.draw(st.booleans()):
            self.put(table, [*rows, aside.pop()])
        elif rows:
            aside.append(data.draw(st.sampled_from(rows)))
            self.put(table, [row for row in rows if row is not aside[-1]])

    @rule(data=st.data(), name=st.sampled_from(["fit_rules", "behavior_rules"]))
    def points_change(self, data: st.DataObject, name: str) -> None:
        rows = self.world.seeds[name]
        if rows:
            rule_id = data.draw(st.sampled_from(rows))["rule_id"]
            points = data.draw(st.sampled_from(["1", "-2.5", "7", "30"]))
            changed = [
                row | {"points": points} if row["rule_id"] == rule_id else row for row in rows
            ]
            self.seed(name, changed)

    # By which rules they count

    @rule(data=st.data())
    def rules_change(self, data: st.DataObject) -> None:
        cards = [row["scorecard"] for row in self.world.seeds["scorecards"]]
        types = [row["event_type"] for row in self.world.seeds["event_catalog"]]
        drawn = draw_engagement_rules(data.draw, cards, types, True)
        kept = self.world.seeds["engagement_rules"]
        ids = sorted({row["rule_id"] for row in kept + drawn})
        ids = data.draw(few(ids, st.integers(1, min(3, len(ids)))))
        changed = [row for row in kept if row["rule_id"] not in ids]
        self.seed("engagement_rules", changed + [row for row in drawn if row["rule_id"] in ids])

    @rule(data=st.data())
    def the_catalogue_changes(self, data: st.DataObject) -> None:
        rows = [dict(row) for row in self.world.seeds["event_catalog"]]
        row = data.draw(st.sampled_from(rows))
        if data.draw(st.booleans()):
            row["is_engagement"] = "false" if row["is_engagement"] in ("true", "yes") else "true"
        else:
            row["channel"] = data.draw(st.sampled_from([None, "web", "fair"]))
        names = {entry["raw_event_type"] for entry in rows}
        others = [entry for entry in CATALOGUE if entry[0] not in names]
        if others and data.draw(st.booleans()):
            rows.append(seed_row("event_catalog", *data.draw(st.sampled_from(others))))
        self.seed("event_catalog", rows)

    @rule(data=st.data())
    def exclusions_change(self, data: st.DataObject) -> None:
        # What an exclusion on ages drops is judged as of the run, for all of its dates.
        drawn = draw_groups(
            data.draw,
            "event_exclusions",
            "x",
            [
                condition
                for condition in EVENT_CONDITIONS + EVENT_TYPE_CONDITIONS * 5
                if condition[1].strip().lower() not in ("within_days", "older_than_days")
            ],
        )
        self.seed("event_exclusions", drawn)

    # Runs

    @rule(hours=st.sampled_from([1, 5, 30]))
    def hours_pass(self, hours: int) -> None:
        self.time_goes_on(0, hours)

    def time_goes_on(self, days: int, hours: int) -> None:
        self.day = min(self.day + timedelta(days=days), AS_OF)
        self.clock = max(self.clock + timedelta(hours=hours), datetime.combine(self.day, time(1)))

    @precondition(lambda self: self.has_run)
    @rule(data=st.data())
    def a_run_dies(self, data: st.DataObject) -> None:
        order = [model.name for model in self.pipeline.first.models]
        before = order[: order.index(FIRST_OF_HISTORY)]
        last = data.draw(st.integers(before.index("int_events_changed"), len(before)))
        self.warehouse.run(replace(self.world, as_of=self.day), before[:last])
        self.counts["runs that died"] += 1

    @invariant()
    def changes_are_seen(self) -> None:
        """Without runs in between nothing is proved, and chance alone makes few."""
        if self.changes > self.next_run_after:
            self.run()
            self.next_run_after = next(self.most_changes)

    def run(self) -> None:
        """Run to the end, and compare with a full refresh and with the reference."""
        world = replace(self.world, as_of=self.day)
        self.warehouse.run(world, ancestors(self.pipeline, TESTED))
        self.counts["runs on kept events" if self.has_run else "first runs"] += 1
        self.has_run, self.changes = True, 0
        assert_kept_as_refreshed(self.warehouse, world)
        seen = assert_scores_kept_as_anew(self.warehouse, world)
        for table, (leads, made) in seen.items():
            self.counts[f"leads in {table}"] += leads
            self.counts[f"leads made anew for {table}"] += made
        if not self.has_events_without_id:
            assert_scored_as_by_reference(self.warehouse, world)
            self.counts["runs compared with the reference"] += 1

    @precondition(lambda self: self.changes)
    @rule(days=st.sampled_from([0, 0, 1, 3]))
    def a_date_is_run(self, days: int) -> None:
        self.time_goes_on(days, hours=0)
        self.run()

    @precondition(lambda self: self.has_run and self.changes)
    @rule(days=st.sampled_from([1, 9]))
    def an_earlier_date_is_run(self, days: int) -> None:
        day, self.day = self.day, self.day - timedelta(days=days)
        self.run()
        self.day = day


@pytest.fixture
def pipeline(comparison: Comparison) -> None:
    """The models, compiled once for the settings that all sequences share."""
    IncrementalRuns.pipeline = comparison.pipeline_over_time()


PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


@pytest.mark.usefixtures("pipeline")
def test_runs_equal_full_refreshes() -> None:
    IncrementalRuns.TestCase.settings = settings(
        max_examples=5, stateful_step_count=20, phases=PHASES, derandomize=True
    )
    IncrementalRuns.TestCase("runTest").runTest()


@pytest.mark.long
@pytest.mark.usefixtures("pipeline")
def test_many_runs_equal_full_refreshes() -> None:
    """As many sequences as the time allows; what has been seen is written down after each batch."""
    minutes = float(os.environ.get("LEAD_SCORING_PROOF_MINUTES", "10"))
    first_seed = int(os.environ.get("LEAD_SCORING_PROOF_SEED", "0"))
    record = Path(os.environ.get("LEAD_SCORING_PROOF_RECORD", "target/proof.json"))
    begun, number = time_module.monotonic(), 0
    IncrementalRuns.counts.clear()
    while number == 0 or time_module.monotonic() - begun < minutes * 60:
        batch = seed(first_seed + number)(IncrementalRuns)
        run_state_machine_as_test(
            batch,
            settings=settings(
                max_examples=10, stateful_step_count=50, phases=[Phase.generate], database=None
            ),
        )
        number += 1
        seconds = round(time_module.monotonic() - begun)
        seen = {"first_seed": first_seed, "batches": number, "seconds": seconds}
        seen |= dict(sorted(IncrementalRuns.counts.items()))
        record.parent.mkdir(exist_ok=True)
        record.write_text(json.dumps(seen, indent=2) + "\n")
        print(json.dumps(seen), flush=True)


# Cases by hand: a run, a change, and a run on what is kept


def delivery(*events: Row, **more: list[Row]) -> World:
    """Events of lead L1, and one that is loaded late in every case."""
    last = event(1, event_id="last", loaded_at=LATE)
    defaults = {"engagement_rules": [engagement_rule()]}
    return replace(
        world([*events, last], **defaults | more),
        lead_fields=dict(WORLD_LEAD_FIELDS),
        account_fields=dict(WORLD_ACCOUNT_FIELDS),
        event_fields=dict(WORLD_EVENT_FIELDS),
        **SETTINGS,
    )


FIRST = event(5, event_id="e", loaded_at=EARLY, page_path="/first")
DECIDING = event(4, event_id="e", loaded_at=LATE, page_path="/second")
OF_UNKNOWN_TIME = event(3, event_id="e", loaded_at=UNKNOWN, page_path="/third")
ALONE = event(2, event_id="alone", loaded_at=UNKNOWN)
BEFORE_AND_AFTER = {
    "the row that decides goes, one read long ago is left": (
        delivery(FIRST, DECIDING),
        delivery(FIRST),
    ),
    "the row that decides goes, one read long ago and one of unknown time are left": (
        delivery(FIRST, DECIDING, OF_UNKNOWN_TIME),
        delivery(FIRST, OF_UNKNOWN_TIME),
    ),
    "a row of unknown time goes that did not decide": (
        delivery(FIRST, OF_UNKNOWN_TIME),
        delivery(FIRST),
    ),
    "a row of unknown time goes that was alone": (delivery(FIRST, ALONE), delivery(FIRST)),
    "a lead turns out to be created later": (
        delivery(FIRST),
        delivery(FIRST, leads=[lead(created_at="2024-07-05")]),
    ),
    "a lead turns out to be created earlier": (
        delivery(FIRST, leads=[lead(created_at="2024-07-05")]),
        delivery(FIRST),
    ),
    "a type is no engagement any more": (
        delivery(FIRST, event_catalog=[catalogued("view")]),
        delivery(FIRST, event_catalog=[catalogued("view", is_engagement="false")]),
    ),
    "a type becomes an engagement": (
        delivery(FIRST, event_catalog=[catalogued("view", is_engagement="false")]),
        delivery(FIRST, event_catalog=[catalogued("view")]),
    ),
}


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize(
    ("before", "after"), BEFORE_AND_AFTER.values(), ids=BEFORE_AND_AFTER.keys()
)
def test_a_run_sees_what_has_changed(before: World, after: World) -> None:
    pipeline = IncrementalRuns.pipeline
    with Warehouse(pipeline) as warehouse:
        for delivered in (before, after):
            warehouse.run(delivered, ancestors(pipeline, TESTED))
            assert_kept_as_refreshed(warehouse, delivered)
            assert_scores_kept_as_anew(warehouse, delivered)
            assert_scored_as_by_reference(warehouse, delivered)


# Cases by hand of what scores and forecasts are made of


def foreseen(*events: Row, **more: Any) -> World:
    """A lead that holds a stage, with rules on events, purchases and its title."""
    threshold = seed_row("qualification_thresholds", "g", "mql", "lead", "0", "0", "1")
    defaults = {
        "qualification_thresholds": [threshold],
        "behavior_rules": [reference_rule("bought", "past_purchases >= 1", "5")],
        "fit_rules": [
            reference_rule("title", "job_title equals vp", "7"),
            # On a date without points for a lead nothing is kept.
            reference_rule("any", "job_title in vp|clerk", "1"),
        ],
        "leads": [lead(job_title="clerk")],
    }
    return delivery(*(events or [SEEN]), **defaults | more)


SEEN = event(5, event_id="e", loaded_at=EARLY)
PURCHASE = {"lead_id": "L1", "conversion_type": "purchase", "converted_at": "2024-06-01"}
OTHER_SCORES = {
    "an event arrives": foreseen(SEEN, event(4, event_id="f", loaded_at=LATE)),
    "an event goes": replace(foreseen(), raw=foreseen().raw | {"raw_events": [SEEN]}),
    "an event is corrected": foreseen(
        SEEN, event(5, event_id="e", loaded_at=LATE, event_type="unknown")
    ),
    "a purchase": foreseen(raw={"raw_conversions": [PURCHASE]}),
    "another title": foreseen(leads=[lead(job_title="vp")]),
    "other points": foreseen(engagement_rules=[engagement_rule(points="9")]),
    "a later date": replace(foreseen(), as_of=foreseen().as_of + timedelta(days=1)),
    "the lead goes": foreseen(leads=[lead("L2")]),
}


# What traits are not made of.
RULES_AND_PROFILES = {"another title", "other points"}


def without_keys(rows: list[Row]) -> list[str]:
    return content([{k: row[k] for k in row.keys() - {"traits_key", "inputs_key"}} for row in rows])


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("change", OTHER_SCORES)
def test_kept_scores_see_what_they_are_made_of(change: str) -> None:
    pipeline = IncrementalRuns.pipeline
    with Warehouse(pipeline) as warehouse:

        def scored(delivered: World) -> tuple[dict[str, list[str]], dict[str, int]]:
            warehouse.run(delivered, ancestors(pipeline, TESTED))
            seen = assert_scores_kept_as_anew(warehouse, delivered)
            rows = {t: without_keys(warehouse.rows(t, INTERNAL)) for t in seen}
            return rows, {table: made for table, (_, made) in seen.items()}

        first, made_first = scored(foreseen())
        assert all(first.values())
        assert set(made_first.values()) == {1}
        assert scored(foreseen()) == (first, dict.fromkeys(first, 0))
        changed, made = scored(OTHER_SCORES[change])
        assert changed[POINTS] != first[POINTS]
        assert changed[FORECASTS] != first[FORECASTS]
        if change in RULES_AND_PROFILES:
            assert made == {TRAITS: 0, POINTS: 1, FORECAST_TRAITS: 0, FORECASTS: 1}


@pytest.mark.usefixtures("pipeline")
def test_traits_of_a_forecast_outlast_the_date() -> None:
    """On the next date only the last one of the forecast is new."""
    pipeline = IncrementalRuns.pipeline
    with Warehouse(pipeline) as warehouse:
        tomorrow = foreseen().as_of + timedelta(days=1)
        for as_of in (foreseen().as_of, tomorrow):
            warehouse.run(replace(foreseen(), as_of=as_of), ancestors(pipeline, TESTED))
        due = warehouse.rows(KEPT_FOR_SCORES[FORECAST_TRAITS], INTERNAL)
        last = tomorrow + timedelta(days=SETTINGS["forecast_days"])
        assert [(row["lead_id"], row["as_of_date"]) for row in due] == [("L1", last)]
        assert_scores_kept_as_anew(warehouse, replace(foreseen(), as_of=tomorrow))


@pytest.mark.usefixtures("pipeline")
def test_traits_see_an_event_whose_date_comes() -> None:
    """Its day was stored by an earlier run, and did not count yet."""
    pipeline = IncrementalRuns.pipeline
    with Warehouse(pipeline) as warehouse:
        today, tomorrow = foreseen().as_of, foreseen().as_of + timedelta(days=1)
        both = foreseen(SEEN, event(-1, event_id="tomorrow", loaded_at=EARLY))
        one = replace(both, raw=both.raw | {"raw_events": both.raw["raw_events"][1:]})
        for delivered, day in ((both, today), (one, tomorrow), (both, today)):
            dated = replace(delivered, as_of=day)
            warehouse.run(dated, ancestors(pipeline, TESTED))
            assert_scores_kept_as_anew(warehouse, dated)
            assert_scored_as_by_reference(warehouse, dated)


@pytest.mark.usefixtures("pipeline")
def test_a_correction_after_a_quiet_run_is_seen() -> None:
    """Between two changes of a day a run finds nothing new, and forgets what all have seen."""
    pipeline = IncrementalRuns.pipeline
    with Warehouse(pipeline) as warehouse:
        latest = foreseen(event(0, "08:00:00", event_id="e", loaded_at=LATE))
        corrected = foreseen(event(0, "09:00:00", event_id="e", loaded_at=LATE))
        for delivered in (foreseen(), latest, latest, corrected):
            warehouse.run(delivered, ancestors(pipeline, TESTED))
            assert_scores_kept_as_anew(warehouse, delivered)
        (found,) = {row["last_engagement_at"] for row in warehouse.rows(FORECAST_TRAITS, INTERNAL)}
        assert found == datetime(2024, 6, 30, 9)


@pytest.mark.usefixtures("pipeline")
def test_changes_that_all_have_seen_are_forgotten() -> None:
    """Otherwise each run would work off again what all runs before it have."""
    pipeline = IncrementalRuns.pipeline
    with Warehouse(pipeline) as warehouse:

        def rows_after(delivered: World, table: str) -> list[Row]:
            warehouse.run(delivered, ancestors(pipeline, TESTED))
            return warehouse.rows(table, INTERNAL)

        assert rows_after(delivery(), NOTES) == []
        (note,) = rows_after(delivery(FIRST), NOTES)
        assert (note["lead_id"], note["event_date"]) == ("L1", date(2024, 6, 25))
        for table in ROLLED_UP:
            assert marks(warehouse, table) == [note["change_number"]], table
        assert rows_after(delivery(FIRST), NOTES) == []
        for table in ROLLED_UP:
            assert len(marks(warehouse, table)) == 1, table


def marks(warehouse: Warehouse, table: str) -> list[int]:
    """How far a model says that it has seen the changes."""
    return [
        row["change_number"]
        for row in warehouse.rows(table, INTERNAL)
        if row["change_number"] is not None
    ]


# Runs by dbt itself

ROLLUPS = [f"+{name}" for name in KEPT]
BUILD = ["build", "--exclude-resource-type", "test", "unit_test", "--select", *ROLLUPS]


def build(home: Path, *arguments: str) -> None:
    done = run_dbt(*BUILD, *arguments, home=home, raw=home.parent / "raw", as_of="2026-01-31")
    assert done.returncode == 0, done.stdout


def kept_rows(home: Path) -> dict[str, list[str]]:
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        return {
            table: content(rows_of(connection, f"select * from main_intermediate.{table}"))
            for table in KEPT
        }


@pytest.fixture(scope="module")
def two_deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on what was loaded by mid January, and raw files to which the rest has come."""
    folder = tmp_path_factory.mktemp("deliveries")
    assert generate_demo.main(["--leads", "300", "--out", str(folder / "raw")]) == 0
    events = folder / "raw" / "raw_events.parquet"
    events.rename(folder / "all.parquet")
    select = f"from '{folder / 'all.parquet'}'"
    duckdb.execute(f"copy ({select} where loaded_at < '2026-01-15') to '{events}'")
    (folder / "before").mkdir()
    build(folder / "before")
    duckdb.execute(f"copy ({select}) to '{events}'")
    (folder / "refreshed").mkdir()
    build(folder / "refreshed")
    return folder


def test_a_selection_makes_all_rows_and_lets_none_be_kept(two_deliveries: Path) -> None:
    """It may have left out some of what they are made of."""
    home = two_deliveries / "selected"

    def run(select: str) -> tuple[list[str], set[bool]]:
        command = ["build", "--exclude-resource-type", "test", "unit_test", "--select", select]
        done = run_dbt(*command, home=home, raw=two_deliveries / "raw", as_of="2026-01-31")
        assert done.returncode == 0, done.stdout
        with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
            rows = rows_of(connection, f"select * from {INTERNAL}.{POINTS}")
        return without_keys(rows), {row["inputs_key"] is None for row in rows}

    whole, has_no_keys = run(f"+{POINTS}")
    assert has_no_keys == {False}
    assert run(POINTS) == (whole, {True})
    assert run(f"+{POINTS}") == (whole, {False})


def kill_after(home: Path, sign: str, seconds: float = 0) -> None:
    """Kill a run some time after dbt has said something."""
    process = start_dbt(*BUILD, home=home, raw=home.parent / "raw", as_of="2026-01-31")
    assert process.stdout is not None
    for line in process.stdout:
        if sign in line:
            break
    time_module.sleep(seconds)
    process.kill()
    process.communicate()


def test_a_run_after_one_that_was_killed_leaves_what_a_full_refresh_leaves(
    two_deliveries: Path,
) -> None:
    home = two_deliveries / "killed"
    shutil.copytree(two_deliveries / "before", home)
    kill_after(home, "OK created sql incremental model main_intermediate.int_events_resolved")
    build(home)
    assert kept_rows(home) == kept_rows(two_deliveries / "refreshed")
    assert kept_rows(home) != kept_rows(two_deliveries / "before")


def test_raw_files_of_another_place_are_read_anew(two_deliveries: Path) -> None:
    home = two_deliveries / "elsewhere" / "home"
    shutil.copytree(two_deliveries / "before", home)
    shutil.copytree(two_deliveries / "raw", home.parent / "raw")
    with duckdb.connect(str(home / "lead_scoring.duckdb")) as connection:
        connection.execute(f"create table main_intermediate.{FORECASTS} (lead_id varchar)")
    build(home)
    found, expected = kept_rows(home), kept_rows(two_deliveries / "refreshed")
    for table in KEPT:
        if table != "int_events_resolved":
            assert found[table] == expected[table], table
    assert len(found["int_events_resolved"]) == len(expected["int_events_resolved"])
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        tables = connection.execute("select table_name from information_schema.tables").fetchall()
    assert (FORECASTS,) not in tables


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
def test_runs_killed_at_random_lose_nothing(two_deliveries: Path, seed: int) -> None:
    home = two_deliveries / f"killed_{seed}"
    chance = random.Random(seed)
    # One in three is a first run.
    if seed % 3:
        shutil.copytree(two_deliveries / "before", home)
    for _ in range(chance.randint(1, 3)):
        kill_after(home, "START sql", chance.uniform(0, 6))
    build(home)
    assert kept_rows(home) == kept_rows(two_deliveries / "refreshed")


@pytest.mark.long
def test_a_full_refresh_leaves_what_runs_left(two_deliveries: Path) -> None:
    home = two_deliveries / "refreshed_again"
    shutil.copytree(two_deliveries / "before", home)
    build(home)
    build(home, "--full-refresh")
    assert kept_rows(home) == kept_rows(two_deliveries / "refreshed")
