"""Random sequences of runs between which data and rules change, some of which die half-way."""

from collections import Counter, defaultdict
from collections.abc import Container
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import cycle
from typing import ClassVar

from compared_runs import ComparedRuns, assert_scores_kept_as_anew
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from pipeline import CompiledPipeline, Model, Row
from reference import World
from sequences import (
    Draw,
    dated_worlds,
    draw_journey,
    draw_roles,
    draw_rollups,
    draw_thresholds,
)
from worlds import (
    ANONYMOUS_IDS,
    AS_OF,
    AUDIENCE_SIZES,
    CATALOGUE,
    EVENT_CONDITIONS,
    EVENT_POOLS,
    EVENT_TYPE_CONDITIONS,
    PROFILE_CONDITIONS,
    STAMPS,
    TRAIT_CONDITIONS,
    draw_bands_and_stages,
    draw_category_caps,
    draw_engagement_rules,
    draw_groups,
    draw_lead_rules,
    draw_scorecards,
    few,
    seed_row,
)

# What later runs see of a run beside its events, in the order in which it does that.
HISTORY = [
    "int_scores_normalised",
    "int_score_history_recorded",
    "int_stage_transitions_recorded",
    "int_dates_recorded",
    "published_scores",
]


def is_busy(world: World) -> bool:
    """Whether the world has leads and events enough for something to change."""
    return len(world.raw["raw_leads"]) >= 2 and len(world.raw["raw_events"]) >= 12


BUSY_WORLDS = dated_worlds().filter(is_busy)


def holding_all(world: World) -> list[Row]:
    """Thresholds by which all leads hold a stage: only those that do have a forecast."""
    return [
        seed_row("qualification_thresholds", row["scorecard"], "mql", "lead", "0", "0", "1")
        for row in world.seeds["scorecards"]
    ]


def drawn_anew(draw: Draw, seeds: dict[str, list[Row]], name: str) -> dict[str, list[Row]]:
    """Other contents of a rule file that no event is matched by, with those that must fit it."""
    cards = [row["scorecard"] for row in seeds["scorecards"]]
    match name:
        case "scorecards":
            return {name: draw_scorecards(draw, cards)}
        case "scorecard_audiences":
            conditions = PROFILE_CONDITIONS + TRAIT_CONDITIONS
            drawn = {card: draw(few(conditions, AUDIENCE_SIZES)) for card in cards}
            return {name: [seed_row(name, card, *c) for card in cards for c in drawn[card]]}
        case "fit_rules":
            return {name: draw_lead_rules(draw, name, "r", cards, PROFILE_CONDITIONS)}
        case "behavior_rules":
            return {name: draw_lead_rules(draw, name, "é", cards, TRAIT_CONDITIONS)}
        case "decay_curves":
            rows = seeds[name]
            one, other = draw(few(range(len(rows)), st.just(2)))
            swapped = {one: rows[other]["decay"], other: rows[one]["decay"]}
            return {
                name: [row | {"decay": swapped.get(i, row["decay"])} for i, row in enumerate(rows)]
            }
        case "category_caps":
            return {name: draw_category_caps(draw, cards)}
        case "score_bands":
            return dict(zip([name, "lead_stages"], draw_bands_and_stages(draw, cards), strict=True))
        case "buying_roles":
            return dict(zip([name, "buying_role_rules"], draw_roles(draw), strict=True))
        case "account_rollups":
            return {name: draw_rollups(draw, cards)}
    return {name: draw_journey(draw, seeds["event_catalog"])}


DRAWN_ANEW = (
    "scorecards",
    "scorecard_audiences",
    "fit_rules",
    "behavior_rules",
    "decay_curves",
    "category_caps",
    "score_bands",
    "buying_roles",
    "account_rollups",
    "journey_steps",
)


def built_but_for(models: list[Model], failing: Container[str]) -> list[str]:
    """What dbt builds where some models fail: all that is not made of them."""
    lost: set[str] = set()
    built = []
    for model in models:
        if model.name in failing or model.parents & lost:
            lost.add(model.name)
        else:
            built.append(model.name)
    return built


class IncrementalRuns(RuleBasedStateMachine):
    """Data and rules change, and runs see it, on any date, some of which die half-way."""

    pipeline: ClassVar[CompiledPipeline]
    # How often something has been done, in all sequences.
    counts: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.runs = ComparedRuns(self.pipeline)
        self.has_run = False
        self.changes = 1

    def teardown(self) -> None:
        self.runs.close()

    # What is there at first

    @initialize(
        data=st.data(),
        age=st.sampled_from([6, 10, 20]),
        patience=st.lists(st.integers(1, 6), min_size=3, max_size=3),
    )
    def begin(self, data: st.DataObject, age: int, patience: list[int]) -> None:
        world = data.draw(BUSY_WORLDS)
        world = replace(world, seeds=world.seeds | {"qualification_thresholds": holding_all(world)})
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

    @rule(data=st.data(), name=st.sampled_from(DRAWN_ANEW))
    def a_rule_file_changes(self, data: st.DataObject, name: str) -> None:
        for changed, rows in drawn_anew(data.draw, self.world.seeds, name).items():
            self.seed(changed, rows)

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

    # What they are handed to sales by

    @rule(data=st.data())
    def thresholds_change(self, data: st.DataObject) -> None:
        drawn = draw_thresholds(
            data.draw, [row["scorecard"] for row in self.world.seeds["scorecards"]]
        )
        cards = {row["scorecard"] for row in drawn}
        others = [row for row in holding_all(self.world) if row["scorecard"] not in cards]
        self.seed("qualification_thresholds", drawn + others)

    @rule(data=st.data())
    def suppressions_change(self, data: st.DataObject) -> None:
        conditions = data.draw(few(PROFILE_CONDITIONS, st.integers(0, 1)))
        drawn = [
            seed_row("suppressions", "some", *condition, "Not now") for condition in conditions
        ]
        self.seed("suppressions", drawn)

    # Runs

    @rule(hours=st.sampled_from([1, 5, 30]))
    def hours_pass(self, hours: int) -> None:
        self.time_goes_on(0, hours)

    def time_goes_on(self, days: int, hours: int) -> None:
        self.day = min(self.day + timedelta(days=days), AS_OF)
        self.clock = max(self.clock + timedelta(hours=hours), datetime.combine(self.day, time(1)))

    @precondition(lambda self: self.has_run)
    @rule(data=st.data(), days=st.sampled_from([0, 0, 1, 3]))
    def a_run_is_killed(self, data: st.DataObject, days: int) -> None:
        self.time_goes_on(days, hours=0)
        first, last = self.order.index("int_events_changed"), len(self.order) - 1
        self.die(self.order[: data.draw(st.integers(first, last))])

    @precondition(lambda self: self.has_run)
    @rule(last=st.sampled_from(HISTORY), days=st.sampled_from([0, 0, 1, 3]))
    def a_run_is_killed_in_the_history(self, last: str, days: int) -> None:
        """And no other on its date gets to the end."""
        self.die(self.order[: self.order.index(last) + 1])
        self.time_goes_on(days, hours=0)

    @precondition(lambda self: self.has_run)
    @rule(data=st.data())
    def models_of_a_run_fail(self, data: st.DataObject) -> None:
        failing = data.draw(few(self.order, st.integers(1, 3)))
        self.die(built_but_for(self.pipeline.first.models, failing))

    @property
    def order(self) -> list[str]:
        return [model.name for model in self.pipeline.first.models]

    def die(self, built: list[str]) -> None:
        self.runs.die(replace(self.world, as_of=self.day), built)
        self.counts["runs that died"] += 1
        self.counts["runs that died in or after the history"] += HISTORY[0] in built

    @invariant()
    def changes_are_seen(self) -> None:
        """Without runs in between nothing is proved, and chance alone makes few."""
        if self.changes > self.next_run_after:
            self.run()
            self.next_run_after = next(self.most_changes)

    def run(self) -> None:
        """Run to the end, and compare with a full refresh and with the reference."""
        world = replace(self.world, as_of=self.day)
        self.runs.run(world)
        self.counts["runs on kept events" if self.has_run else "first runs"] += 1
        self.has_run, self.changes = True, 0
        seen = assert_scores_kept_as_anew(self.runs.kept, world)
        for table, (leads, made) in seen.items():
            self.counts[f"leads in {table}"] += leads
            self.counts[f"leads made anew for {table}"] += made

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
