"""Runs that read only what is new leave what a full refresh leaves, whatever comes when."""

import json
import os
import random
import shutil
import signal
import time as time_module
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import generate_demo
import pytest
from compared_runs import (
    FORECAST_TRAITS,
    FORECASTS,
    INTERNAL,
    KEPT,
    KEPT_FOR_SCORES,
    POINTS,
    TRAITS,
    ComparedRuns,
    assert_scores_kept_as_anew,
    content,
)
from comparison import Comparison
from engine_differences import PUBLIC
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from incremental_runs import HISTORY, IncrementalRuns
from pipeline import Row, Warehouse, rows_of, run_dbt, start_dbt, write_csv
from reference import World
from sequences import SETTINGS
from test_reference import catalogued, curve, engagement_rule, event, lead, scorecard, world
from test_reference import rule as reference_rule
from worlds import WORLD_ACCOUNT_FIELDS, WORLD_EVENT_FIELDS, WORLD_LEAD_FIELDS, seed_row

NOTES = "int_event_days_touched"
ROLLED_UP = ["int_activity_matched", "int_activity_days_rolled", "int_interests_rolled"]
# When rows were loaded: after a run that has read late ones, early ones are not read again.
EARLY, LATE, UNKNOWN = "2024-06-30T06:00:00Z", "2024-06-30T12:00:00Z", None


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
    with ComparedRuns(IncrementalRuns.pipeline) as runs:
        for delivered in (before, after):
            runs.run(delivered)
            assert_scores_kept_as_anew(runs.kept, delivered)


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("operator", ["older_than_days", "within_days"])
def test_what_an_exclusion_on_ages_drops_depends_on_the_date(operator: str) -> None:
    exclusion = seed_row("event_exclusions", "x", "due_on", operator, "6", "By age")
    due = (delivery().as_of - timedelta(days=5)).isoformat()
    delivered = delivery(FIRST | {"due_on": due}, event_exclusions=[exclusion])
    left_out = []
    with ComparedRuns(IncrementalRuns.pipeline) as runs:
        for days in (0, 1):
            runs.run(replace(delivered, as_of=delivered.as_of + timedelta(days=days)))
            left_out.append(len(runs.kept.rows("int_events_left_out", INTERNAL)))
    assert left_out[0] != left_out[1]


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("last", HISTORY)
@pytest.mark.parametrize("days", [0, 1])
def test_what_a_run_that_died_has_recorded_is_recorded_anew(last: str, days: int) -> None:
    """It took the place of a run that day, with another title and without an event."""
    order = [model.name for model in IncrementalRuns.pipeline.first.models]
    later = SEEN_TODAY.as_of + timedelta(days=days)
    with ComparedRuns(IncrementalRuns.pipeline) as runs:
        runs.run(SEEN_TODAY)
        runs.die(OTHER_SCORES["another title"], order[: order.index(last) + 1])
        runs.run(replace(SEEN_TODAY, as_of=later))


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize(
    "table",
    [
        "main_intermediate.int_activity_days_rolled",
        "main_intermediate.int_score_history_recorded",
        "main_intermediate.int_stage_transitions_recorded",
        "main.published_scores",
    ],
)
def test_the_comparison_sees_rows_that_are_lost(table: str) -> None:
    """A comparison that can't fail would prove nothing."""
    with ComparedRuns(IncrementalRuns.pipeline) as runs:
        runs.run(foreseen())
        runs.kept.connection.execute(f"delete from {table} where lead_id is not null")
        with pytest.raises(AssertionError):
            runs.run(OTHER_SCORES["a later date"])


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


SEEN_TODAY = foreseen(SEEN, event(0, "08:00:00", event_id="g", loaded_at=EARLY))
# What traits are not made of.
RULES_AND_PROFILES = {"another title", "other points"}


def without_keys(rows: list[Row]) -> list[str]:
    return content([{k: row[k] for k in row.keys() - {"traits_key", "inputs_key"}} for row in rows])


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("change", OTHER_SCORES)
def test_kept_scores_see_what_they_are_made_of(change: str) -> None:
    with Warehouse(IncrementalRuns.pipeline) as warehouse:

        def scored(delivered: World) -> tuple[dict[str, list[str]], dict[str, int]]:
            warehouse.run(delivered)
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


MATCHED = "int_activity_matched"
OTHER_WEIGHTS = {
    "points": {"engagement_rules": [engagement_rule(points="9")]},
    "a decay": {
        "engagement_rules": [engagement_rule(decay="d")],
        "decay_curves": [curve("linear", "9")],
    },
    "a cap of the category": {
        "category_caps": [seed_row("category_caps", "g", "engagement", "c", None, "4")]
    },
    "a cap of the rule": {"engagement_rules": [engagement_rule(max_points="4")]},
    "the most points": {"scorecards": [scorecard(engagement_max_points="20")]},
    "bands": {
        "score_bands": [
            seed_row("score_bands", "g", score, name, start)
            for score in ("fit", "engagement", "lead")
            for name, start in (("low", "0"), ("high", "5"))
        ],
        "lead_stages": [
            seed_row("lead_stages", "g", fit, engagement, "some", None)
            for fit in ("low", "high")
            for engagement in ("low", "high")
        ],
    },
}


def matched(warehouse: Warehouse) -> dict[str, int]:
    """How many events match each condition."""
    rows = warehouse.rows(MATCHED, INTERNAL)
    return {row["condition_id"]: row["event_count"] for row in rows if row["lead_id"] is not None}


def mark_as_kept(warehouse: Warehouse) -> dict[str, int]:
    """Give the rows counts that no run would give them."""
    warehouse.connection.execute(
        f"update {INTERNAL}.{MATCHED} set event_count = 1000 where lead_id is not null"
    )
    return matched(warehouse)


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize("seeds", OTHER_WEIGHTS.values(), ids=OTHER_WEIGHTS.keys())
def test_what_weighs_matches_no_event_again(seeds: dict[str, list[Row]]) -> None:
    with Warehouse(IncrementalRuns.pipeline) as warehouse:
        warehouse.run(foreseen())
        scores = warehouse.rows("lead_scores")
        kept = mark_as_kept(warehouse)
        assert set(kept.values()) == {1000}
        warehouse.run(foreseen(**seeds))
        assert warehouse.rows("lead_scores") != scores
        assert matched(warehouse) == kept
        assert warehouse.rows(NOTES, INTERNAL) == []


@pytest.mark.usefixtures("pipeline")
def test_a_changed_condition_alone_is_matched_again() -> None:
    other = engagement_rule("s", field="page_path", operator="contains", value="first")
    changed = other | {"value": "irs"}
    with Warehouse(IncrementalRuns.pipeline) as warehouse:
        warehouse.run(foreseen(FIRST, engagement_rules=[engagement_rule(), other]))
        kept = mark_as_kept(warehouse)
        assert len(kept) == 2
        warehouse.run(foreseen(FIRST, engagement_rules=[engagement_rule(), changed]))
        (same,) = kept.keys() & matched(warehouse).keys()
        (new,) = matched(warehouse).keys() - kept.keys()
        assert matched(warehouse) == {same: 1000, new: 1}


@pytest.mark.usefixtures("pipeline")
def test_traits_of_a_forecast_outlast_the_date() -> None:
    """On the next date only the last one of the forecast is new."""
    with Warehouse(IncrementalRuns.pipeline) as warehouse:
        tomorrow = foreseen().as_of + timedelta(days=1)
        for as_of in (foreseen().as_of, tomorrow):
            warehouse.run(replace(foreseen(), as_of=as_of))
        due = warehouse.rows(KEPT_FOR_SCORES[FORECAST_TRAITS], INTERNAL)
        last = tomorrow + timedelta(days=SETTINGS["forecast_days"])
        assert [(row["lead_id"], row["as_of_date"]) for row in due] == [("L1", last)]
        assert_scores_kept_as_anew(warehouse, replace(foreseen(), as_of=tomorrow))


@pytest.mark.usefixtures("pipeline")
def test_traits_see_an_event_whose_date_comes() -> None:
    """Its day was stored by an earlier run, and did not count yet."""
    with ComparedRuns(IncrementalRuns.pipeline) as runs:
        today, tomorrow = foreseen().as_of, foreseen().as_of + timedelta(days=1)
        both = foreseen(SEEN, event(-1, event_id="tomorrow", loaded_at=EARLY))
        one = replace(both, raw=both.raw | {"raw_events": both.raw["raw_events"][1:]})
        for delivered, day in ((both, today), (one, tomorrow), (both, today)):
            dated = replace(delivered, as_of=day)
            runs.run(dated)
            assert_scores_kept_as_anew(runs.kept, dated)


@pytest.mark.usefixtures("pipeline")
def test_a_correction_after_a_quiet_run_is_seen() -> None:
    """Between two changes of a day a run finds nothing new, and forgets what all have seen."""
    with Warehouse(IncrementalRuns.pipeline) as warehouse:
        latest = foreseen(event(0, "08:00:00", event_id="e", loaded_at=LATE))
        corrected = foreseen(event(0, "09:00:00", event_id="e", loaded_at=LATE))
        for delivered in (foreseen(), latest, latest, corrected):
            warehouse.run(delivered)
            assert_scores_kept_as_anew(warehouse, delivered)
        (found,) = {row["last_engagement_at"] for row in warehouse.rows(FORECAST_TRAITS, INTERNAL)}
        assert found == datetime(2024, 6, 30, 9)


@pytest.mark.usefixtures("pipeline")
def test_changes_that_all_have_seen_are_forgotten() -> None:
    """Otherwise each run would work off again what all runs before it have."""
    with Warehouse(IncrementalRuns.pipeline) as warehouse:

        def rows_after(delivered: World, table: str) -> list[Row]:
            warehouse.run(delivered)
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

BUILD = ["build", "--exclude-resource-type", "test", "unit_test"]
BEFORE, AFTER = "2026-01-15", "2026-01-31"


def build(home: Path, *arguments: str, as_of: str = AFTER) -> None:
    done = run_dbt(*BUILD, *arguments, home=home, raw=home.parent / "raw", as_of=as_of)
    assert done.returncode == 0, done.stdout


def all_rows(home: Path) -> dict[str, list[str]]:
    """What is kept, and the public tables."""
    tables = dict.fromkeys(KEPT, INTERNAL) | dict.fromkeys(PUBLIC, "main")
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        return {
            table: content(rows_of(connection, f"select * from {schema}.{table}"))
            for table, schema in tables.items()
        }


def assert_all_same(home: Path, expected: Path) -> None:
    found, wanted = all_rows(home), all_rows(expected)
    assert [table for table in wanted if found[table] != wanted[table]] == []


@pytest.fixture(scope="module")
def two_deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on what was loaded by mid January, and one on the rest two weeks later."""
    folder = tmp_path_factory.mktemp("deliveries")
    assert generate_demo.main(["--leads", "300", "--out", str(folder / "raw")]) == 0
    events = folder / "raw" / "raw_events.parquet"
    events.rename(folder / "all.parquet")
    select = f"from '{folder / 'all.parquet'}'"
    duckdb.execute(f"copy ({select} where loaded_at < '{BEFORE}') to '{events}'")
    (folder / "before").mkdir()
    build(folder / "before", as_of=BEFORE)
    duckdb.execute(f"copy ({select}) to '{events}'")
    shutil.copytree(folder / "before", folder / "undisturbed", symlinks=True)
    build(folder / "undisturbed")
    return folder


def test_the_tolerance_of_clocks_is_what_the_var_says(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    write_csv(tmp_path / "raw" / "raw_leads.csv", ["lead_id"], [{"lead_id": "L1"}])
    rows = [event(1, event_id=f"e{i}", loaded_at=at) for i, at in enumerate([EARLY, LATE])]
    write_csv(tmp_path / "raw" / "raw_events.csv", rows[0], rows)
    done = run_dbt(
        "run",
        "--select",
        "stg_raw__events",
        home=tmp_path,
        raw=tmp_path / "raw",
        as_of="2024-06-30",
        loaded_at_tolerance_minutes=90,
    )
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(tmp_path / "lead_scoring.duckdb"), read_only=True) as connection:
        query = "select distinct read_from from main_staging.stg_raw__events"
        assert connection.execute(query).fetchall() == [(datetime(2024, 6, 30, 10, 30),)]


def test_a_full_refresh_leaves_what_runs_left(two_deliveries: Path) -> None:
    home = two_deliveries / "refreshed"
    shutil.copytree(two_deliveries / "undisturbed", home)
    build(home, "--full-refresh")
    assert_all_same(home, two_deliveries / "undisturbed")


def test_a_selection_makes_all_rows_and_lets_none_be_kept(two_deliveries: Path) -> None:
    """It may have left out some of what they are made of."""
    home = two_deliveries / "selected"

    def run(select: str) -> tuple[list[str], set[bool]]:
        command = [*BUILD, "--select", select]
        done = run_dbt(*command, home=home, raw=two_deliveries / "raw", as_of=AFTER)
        assert done.returncode == 0, done.stdout
        with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
            rows = rows_of(connection, f"select * from {INTERNAL}.{POINTS}")
        return without_keys(rows), {row["inputs_key"] is None for row in rows}

    whole, has_no_keys = run(f"+{POINTS}")
    assert has_no_keys == {False}
    assert run(POINTS) == (whole, {True})
    assert run(f"+{POINTS}") == (whole, {False})


def kill_after(home: Path, sign: str, seconds: float = 0) -> None:
    """Kill a run at once when dbt says something, or later, when it may have succeeded."""
    process = start_dbt(*BUILD, home=home, raw=home.parent / "raw", as_of=AFTER)
    assert process.stdout is not None
    assert any(sign in line for line in process.stdout), sign
    time_module.sleep(seconds)
    process.kill()
    process.communicate()
    assert process.returncode in ([-signal.SIGKILL, 0] if seconds else [-signal.SIGKILL])


def kill_while_publishing(home: Path) -> bool:
    """Kill a run when it has begun a draft of the serving copy; false if it was done before."""
    process = start_dbt(*BUILD, home=home, raw=home.parent / "raw", as_of=AFTER)
    draft = home / f"lead_scoring_serving.duckdb.{process.pid}.tmp"
    sign = "START hook: lead_scoring.on-run-end.0"
    assert process.stdout is not None
    assert any(sign in line for line in process.stdout), sign
    # The draft is there for less than a second.
    while not draft.exists() and process.poll() is None:
        pass
    process.kill()
    process.communicate()
    assert process.returncode in (-signal.SIGKILL, 0)
    return draft.exists()


def test_a_run_after_some_that_were_killed_leaves_what_one_undisturbed_leaves(
    two_deliveries: Path,
) -> None:
    """Killed with the events stored, within the history, after the scores, and while publishing."""
    home = two_deliveries / "killed"
    shutil.copytree(two_deliveries / "before", home)
    copy = home / "lead_scoring_serving.duckdb"
    published = copy.read_bytes()
    for done in (
        "main_intermediate.int_events_resolved",
        "main_intermediate.int_score_history_recorded",
        "main.published_scores",
    ):
        kill_after(home, f"OK created sql incremental model {done}")
        assert copy.read_bytes() == published
    for _ in range(5):
        published = copy.read_bytes()
        if kill_while_publishing(home):
            break
    else:
        pytest.fail("each of these runs published before it could be killed")
    assert copy.read_bytes() == published
    build(home)
    assert_all_same(home, two_deliveries / "undisturbed")
    assert not list(home.glob(f"{copy.name}.*"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        days = connection.execute("select distinct as_of_date from lead_scores").fetchall()
    assert days == [(date.fromisoformat(AFTER),)]


def test_raw_files_of_another_place_are_read_anew(two_deliveries: Path) -> None:
    home = two_deliveries / "elsewhere" / "home"
    shutil.copytree(two_deliveries / "before", home)
    shutil.copytree(two_deliveries / "raw", home.parent / "raw")
    with duckdb.connect(str(home / "lead_scoring.duckdb")) as connection:
        connection.execute(f"create or replace table {INTERNAL}.{FORECASTS} (lead_id varchar)")
    build(home)
    found, expected = all_rows(home), all_rows(two_deliveries / "undisturbed")
    # Stored events say where they were read.
    events = "int_events_resolved"
    assert [name for name in found if found[name] != expected[name]] == [events]
    assert len(found[events]) == len(expected[events])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
def test_runs_killed_at_random_lose_nothing(two_deliveries: Path, seed: int) -> None:
    home = two_deliveries / f"killed_{seed}"
    chance = random.Random(seed)
    shutil.copytree(two_deliveries / "before", home)
    for _ in range(chance.randint(1, 3)):
        kill_after(home, "START sql", chance.uniform(0, 12))
    build(home)
    assert_all_same(home, two_deliveries / "undisturbed")


@pytest.mark.long
def test_a_first_run_that_was_killed_is_done_again(two_deliveries: Path) -> None:
    for number in range(4):
        home, undisturbed = two_deliveries / f"first_{number}", two_deliveries / "first"
        if not undisturbed.exists():
            build(undisturbed)
        kill_after(home, "START sql", random.Random(number).uniform(0, 12))
        build(home)
        assert_all_same(home, undisturbed)
