"""The demo, built by dbt as a pipeline would: every engine gives the tables that DuckDB gives."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import generate_demo
import pytest
from engine_differences import PUBLIC, engine_differences
from engines import BUILT_ENGINES, Postgres, Spark, running_engine
from hypothesis import given, settings
from pipeline import Row, rows_of, run_dbt, start_dbt, world_settings, write_csv
from reference import Backfill, World
from sequences import Step, leaves_rows, run_sequences
from test_engines import AS_OF, CHANGED_EDGES, EDGES, PHASES
from worlds import RAW_COLUMNS, SEED_COLUMNS

DAYS = ("2026-01-24", "2026-01-31")
BUILD_AND_TEST = ("build", "--exclude-resource-type", "unit_test")
BUILD = (*BUILD_AND_TEST, "test")
# What a run has said, and the seconds from then on after which it is killed.
Kill = tuple[str, float]
KILLS: tuple[Kill, ...] = (
    ("OK created sql incremental model main_intermediate.int_events_resolved", 0),
    ("START sql incremental model main_intermediate.int_activity_matched", 2),
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert generate_demo.main(["--leads", "600", "--out", str(folder)]) == 0
    return folder


@pytest.fixture(
    scope="module",
    params=[DAYS[-1:], pytest.param(DAYS, marks=pytest.mark.long)],
    ids=["one run", "two runs"],
)
def days(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The dates of the runs: one for which every run of the tests has the time, or two."""
    return request.param


@pytest.fixture(scope="module")
def expected(
    demo: Path, days: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Row]]:
    """What these runs leave on DuckDB."""
    home = tmp_path_factory.mktemp("duckdb")
    for day in days:
        build(day, home=home, raw=demo)
    tables = tables_on_duckdb(home)
    # Otherwise empty tables would be compared with empty tables.
    assert [table for table in PUBLIC if not tables[table]] == []
    return tables


@pytest.fixture(params=BUILT_ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Postgres | Spark]:
    with running_engine(request.param) as running:
        yield running


def build(day: str, command: Sequence[str] = BUILD, **where: Any) -> None:
    done = run_dbt(*command, as_of=day, **where)
    assert done.returncode == 0, done.stdout


def kill_build(kill: Kill, day: str, **where: Any) -> None:
    """Start a run and kill it, as a machine does that fails: with the Java that dbt has started."""
    said, seconds = kill
    process = start_dbt(*BUILD, as_of=day, **where)
    assert process.stdout is not None
    assert any(said in line for line in process.stdout)
    time.sleep(seconds)
    listed = ["ps", "-o", "pid=", "--ppid", str(process.pid)]
    started = subprocess.run(listed, capture_output=True, text=True, check=False).stdout.split()
    for number in (*map(int, started), process.pid):
        os.kill(number, signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def tables_on_duckdb(home: Path) -> dict[str, list[Row]]:
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        return {table: rows_of(connection, f"select * from main.{table}") for table in PUBLIC}


def write_world(world: World, home: Path) -> dict[str, Path]:
    """The files of a world, in place of those of the world before."""
    folders = {"raw": home / "raw", "seeds": home / "rules"}
    for folder in folders.values():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for table, columns in RAW_COLUMNS.items():
        write_csv(folders["raw"] / f"{table}.csv", columns, world.raw.get(table, []))
    for seed, columns in SEED_COLUMNS.items():
        write_csv(folders["seeds"] / f"{seed}.csv", columns, world.seeds.get(seed, []))
    return folders


def test_the_demo_leaves_the_same_tables(
    engine: Postgres | Spark,
    demo: Path,
    days: tuple[str, ...],
    expected: Mapping[str, list[Row]],
    tmp_path: Path,
) -> None:
    engine.load(demo)
    command = BUILD_AND_TEST if engine.runs_data_tests else BUILD
    for day in days:
        build(day, command, home=tmp_path, environment=engine.environment, **engine.settings)
    assert engine_differences(engine.tables(PUBLIC), expected) == []


def differences(
    name: str, steps: Sequence[Step], home: Path, kills: Sequence[Kill] = ()
) -> list[str]:
    """What differs between the public tables of two engines after any of the runs.

    Before the last run on the first engine, as many are killed as is told.
    """
    lines, latest = [], date.min
    with running_engine(name) as engine:
        for number, step in enumerate(steps, 1):
            world = step.world if isinstance(step, Backfill) else step
            given_vars = world_settings(world)
            del given_vars["as_of"]
            if isinstance(step, Backfill):
                given_vars |= {"backfill_from": step.first.isoformat()}
            day = step.as_of if isinstance(step, World) else max(step.last, latest)
            latest = max(day, latest)
            here, there = home / "here", home / "duckdb"
            build(str(day), home=there, **write_world(world, there), **given_vars)
            folders = write_world(world, here)
            engine.load(folders["raw"])
            given_vars |= engine.settings | {"home": here, "environment": engine.environment}
            for kill in kills if number == len(steps) else ():
                kill_build(kill, str(day), **folders, **given_vars)
            build(str(day), **folders, **given_vars)
            found, expected = engine.tables(PUBLIC), tables_on_duckdb(there)
            lines += [f"run {number}: {line}" for line in engine_differences(found, expected)]
    # Otherwise empty tables would be compared with empty tables.
    assert expected["lead_score_history"]
    assert expected["lead_stage_transitions"]
    return lines


@pytest.mark.long
@pytest.mark.parametrize("name", BUILT_ENGINES)
def test_edge_cases_leave_the_same_tables(name: str, tmp_path: Path) -> None:
    """After each of three runs, the last on late, corrected and deleted events and other rules."""
    steps = [replace(EDGES, as_of=AS_OF - timedelta(days=5)), EDGES, CHANGED_EDGES]
    assert differences(name, steps, tmp_path) == []


@pytest.mark.long
@pytest.mark.parametrize("name", BUILT_ENGINES)
@settings(max_examples=1, phases=PHASES, derandomize=True, deadline=None)
@given(steps=run_sequences().filter(leaves_rows))
def test_random_worlds_leave_the_same_tables(name: str, steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as home:
        assert differences(name, steps, Path(home)) == []


@pytest.mark.long
@pytest.mark.parametrize("name", BUILT_ENGINES)
def test_a_run_after_killed_ones_leaves_the_same_tables(name: str, tmp_path: Path) -> None:
    """One is killed when the events are stored, the next while it matches them."""
    steps = [replace(EDGES, as_of=AS_OF - timedelta(days=5)), CHANGED_EDGES]
    assert differences(name, steps, tmp_path, KILLS) == []


@pytest.mark.long
def test_a_lead_with_most_events_leaves_the_same_tables(
    engine: Postgres | Spark, demo: Path, tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(demo, raw)
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select * replace (case when lead_id is null or event_id like '%7' then lead_id"
            " else (select min(lead_id) from read_parquet($leads) where lead_id like 'L%') end"
            " as lead_id) from read_parquet($demo)) to $raw (format parquet)",
            {
                "leads": str(demo / "raw_leads.parquet"),
                "demo": str(demo / "raw_events.parquet"),
                "raw": str(raw / "raw_events.parquet"),
            },
        )
        (share,) = connection.execute(
            "select max(count(*)) over () / sum(count(*)) over () from read_parquet($raw)"
            " where lead_id is not null group by lead_id limit 1",
            {"raw": str(raw / "raw_events.parquet")},
        ).fetchone()
    assert share > 0.8
    home, there = tmp_path / "here", tmp_path / "duckdb"
    build(DAYS[-1], home=there, raw=raw)
    engine.load(raw)
    build(DAYS[-1], home=home, environment=engine.environment, **engine.settings)
    assert engine_differences(engine.tables(PUBLIC), tables_on_duckdb(there)) == []
