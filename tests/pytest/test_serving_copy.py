"""Readers find the tables of one successful run, whatever the run that writes does meanwhile."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TypeVar

import duckdb
import pytest
from engine_differences import PUBLIC
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.serving import open_for_reading, publish, serving_file
from pipeline import PROJECT, Row, rows_of, run_dbt

Seen = TypeVar("Seen")

LEADS = "lead_id,email,created_at\nL1,a@example.com,2025-01-01\nL2,b@example.com,2025-01-02\n"
EVENTS = "event_id,lead_id,event_type,occurred_at\nE1,L1,page_view,2026-01-01\n"
BUILD = ("build", "--exclude-resource-type", "unit_test", "test")

# Holds a database open, as a run does.
HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "scores.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table lead_scores as select 1 as version")
        connection.execute("create table score_changes as select 1 as version")
    return path


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Another process writes to the database meanwhile."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        try:
            assert holder.stdout and holder.stdout.readline()
            yield
        finally:
            holder.kill()


@contextmanager
def reading(read: Callable[[], Seen], pause: float = 0) -> Iterator[list[Seen]]:
    """What a reader sees meanwhile, again and again, and once afterwards; it may never fail."""
    seen: list[Seen] = []
    stop = threading.Event()

    def read_on() -> None:
        is_last = False
        while not is_last:
            is_last = stop.wait(pause)
            seen.append(read())

    with ThreadPoolExecutor() as pool:
        reader = pool.submit(read_on)
        try:
            yield seen
        finally:
            stop.set()
        reader.result()


def public_tables(copy: Path) -> dict[str, list[Row]]:
    with duckdb.connect(str(copy), read_only=True) as reader:
        return {table: rows_of(reader, f"from {table} order by all") for table in PUBLIC}


def test_readers_see_whole_versions_in_order(database: Path) -> None:
    tables = ("main.lead_scores", "main.score_changes")
    target = serving_file(database)
    assert target == database.with_name("scores_serving.duckdb")

    def versions() -> tuple[int, int]:
        with duckdb.connect(str(target), read_only=True) as reader:
            return reader.execute(
                "select (select version from lead_scores), (select version from score_changes)"
            ).fetchone()

    with duckdb.connect(str(database)) as connection:
        assert publish(connection, tables, target) == 2
        with reading(versions) as seen:
            for version in range(2, 30):
                connection.execute("update lead_scores set version = ?", [version])
                connection.execute("update score_changes set version = ?", [version])
                publish(connection.cursor(), tables, target)
    assert all(first == second for first, second in seen)
    assert seen == sorted(seen)
    assert len(set(seen)) > 1
    assert seen[-1] == (29, 29)
    assert [path.name for path in database.parent.iterdir() if "serving" in path.name] == [
        "scores_serving.duckdb"
    ]


def test_a_copy_that_fails_leaves_the_last_one(database: Path) -> None:
    target = serving_file(database)
    with duckdb.connect(str(database)) as connection:
        publish(connection, ["main.lead_scores"], target)
        before = target.read_bytes()
        with pytest.raises(duckdb.Error, match="does_not_exist"):
            publish(connection, ["main.lead_scores", "main.does_not_exist"], target)
    assert target.read_bytes() == before
    assert not list(target.parent.glob("*.tmp*"))


def test_what_a_killed_run_left_is_swept_up(database: Path) -> None:
    target = serving_file(database)
    (target.parent / f"{target.name}.99999.tmp").write_text("half a file")
    with duckdb.connect(str(database)) as connection:
        publish(connection, ["main.lead_scores"], target)
    assert not list(target.parent.glob("*.tmp*"))


def test_the_place_of_the_copy_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_SCORING_SERVING", "elsewhere/scores.duckdb")
    assert serving_file(Path("lead_scoring.duckdb")) == Path("elsewhere/scores.duckdb")
    monkeypatch.setenv("LEAD_SCORING_SERVING", "none")
    assert serving_file(Path("lead_scoring.duckdb")) is None


def test_reading_goes_to_the_copy_while_a_run_writes(database: Path) -> None:
    with held(database):
        with pytest.raises(UserMistakeError, match="expected a database that no other process has"):
            open_for_reading(database)
        with duckdb.connect(str(serving_file(database))) as connection:
            connection.execute("create table lead_scores as select 7 as version")
        with open_for_reading(database) as connection:
            assert connection.execute("select version from lead_scores").fetchone() == (7,)


def test_a_second_run_stops_with_one_sentence(database: Path, tmp_path: Path) -> None:
    database = database.rename(tmp_path / "lead_scoring.duckdb")
    copy = serving_file(database)
    with duckdb.connect(str(database)) as connection:
        publish(connection, ["main.lead_scores"], copy)
    published = copy.read_bytes()
    with held(database):
        done = run_dbt(*BUILD, home=tmp_path, as_of="2026-01-31")
    lines = [line.strip() for line in done.stdout.splitlines() if "[lead_scoring]" in line]
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert len(set(lines)) == 1
    assert "expected a database that no other process has open" in lines[0]
    assert copy.read_bytes() == published
    later = run_dbt("seed", "--select", "scorecards", home=tmp_path, as_of="2026-01-31")
    assert later.returncode == 0, later.stdout


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "lead_scoring.duckdb").write_text("not a database")
    done = run_dbt("compile", home=tmp_path, as_of="2026-01-31")
    assert done.returncode != 0
    assert "lead_scoring.duckdb: expected a DuckDB database" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_build_never_disturbs_readers(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "raw_leads.csv").write_text(LEADS)
    (raw / "raw_events.csv").write_text(EVENTS)
    first = run_dbt(*BUILD, home=tmp_path, raw=raw, as_of="2026-01-30")
    assert first.returncode == 0, first.stdout
    copy = tmp_path / "lead_scoring_serving.duckdb"
    before = public_tables(copy)

    # A lead that is created on the second date gives the history a row of that date.
    with (raw / "raw_leads.csv").open("a") as file:
        file.write("L3,c@example.com,2026-01-31\n")
    with reading(lambda: public_tables(copy), pause=0.05) as seen:
        second = run_dbt(*BUILD, home=tmp_path, raw=raw, as_of="2026-01-31")
    assert second.returncode == 0, second.stdout
    after = public_tables(copy)
    changed = {table for table in PUBLIC if before[table] != after[table]}
    assert changed >= {"lead_scores", "lead_score_history", "published_scores"}
    assert {row["as_of_date"] for row in after["lead_scores"]} == {date(2026, 1, 31)}
    assert [tables for tables in seen if tables not in (before, after)] == []
    is_after = [tables == after for tables in seen]
    assert is_after == sorted(is_after)
    assert len(seen) > 10

    # A run that fails leaves the readers what they have.
    published = copy.read_bytes()
    rules = Path(shutil.copytree(PROJECT / "seeds" / "scoring", tmp_path / "rules"))
    curves = rules / "decay_curves.csv"
    curves.write_text(curves.read_text().replace("exponential", "expo"))
    with reading(lambda: public_tables(copy), pause=0.05) as seen:
        failed = run_dbt(*BUILD, home=tmp_path, raw=raw, seeds=rules, as_of="2026-02-01")
    assert failed.returncode != 0
    assert copy.read_bytes() == published
    assert [tables for tables in seen if tables != after] == []
    assert len(seen) > 10
