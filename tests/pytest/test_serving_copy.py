"""Readers find the tables of one successful run, whatever the run that writes does meanwhile."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.serving import open_for_reading, publish, serving_file
from pipeline import PROJECT, run_dbt

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


@pytest.fixture
def held(database: Path) -> Iterator[Path]:
    """The database while another process writes to it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout and holder.stdout.readline()
        yield database
        holder.kill()


def test_readers_see_whole_versions_in_order(database: Path) -> None:
    tables = ("main.lead_scores", "main.score_changes")
    target = serving_file(database)
    assert target == database.with_name("scores_serving.duckdb")
    seen: list[tuple[int, int]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            with duckdb.connect(str(target), read_only=True) as reader:
                row = reader.execute(
                    "select (select version from lead_scores), (select version from score_changes)"
                ).fetchone()
            seen.append(row)

    with duckdb.connect(str(database)) as connection:
        assert publish(connection, tables, target) == 2
        thread = threading.Thread(target=read)
        thread.start()
        for version in range(2, 30):
            connection.execute("update lead_scores set version = ?", [version])
            connection.execute("update score_changes set version = ?", [version])
            publish(connection.cursor(), tables, target)
        stop.set()
        thread.join()
    assert all(first == second for first, second in seen)
    assert seen == sorted(seen)
    assert len(set(seen)) > 1
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


def test_reading_goes_to_the_copy_while_a_run_writes(held: Path) -> None:
    with pytest.raises(UserMistakeError, match="expected a database that no other process has"):
        open_for_reading(held)
    with duckdb.connect(str(serving_file(held))) as connection:
        connection.execute("create table lead_scores as select 7 as version")
    with open_for_reading(held) as connection:
        assert connection.execute("select version from lead_scores").fetchone() == (7,)


def test_a_second_run_stops_with_one_sentence(held: Path, tmp_path: Path) -> None:
    held.rename(tmp_path / "lead_scoring.duckdb")
    done = run_dbt(*BUILD, home=tmp_path, as_of="2026-01-31")
    lines = [line.strip() for line in done.stdout.splitlines() if "[lead_scoring]" in line]
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert len(set(lines)) == 1
    assert "expected a database that no other process has open" in lines[0]


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
    dates_seen: list[list[str]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.02):
            with duckdb.connect(str(copy), read_only=True) as reader:
                dates = reader.execute(
                    "select distinct cast(as_of_date as varchar) from lead_scores union"
                    " select distinct cast(as_of_date as varchar) from scoring_rule_coverage union"
                    " select max(cast(as_of_date as varchar)) from lead_score_history"
                    " where as_of_date > date '2026-01-30'"
                ).fetchall()
            dates_seen.append(sorted(row[0] for row in dates if row[0]))

    # A lead that is created on the second date gives the history a row of that date.
    with (raw / "raw_leads.csv").open("a") as file:
        file.write("L3,c@example.com,2026-01-31\n")
    thread = threading.Thread(target=read)
    thread.start()
    second = run_dbt(*BUILD, home=tmp_path, raw=raw, as_of="2026-01-31")
    stop.set()
    thread.join()
    assert second.returncode == 0, second.stdout
    with duckdb.connect(str(copy), read_only=True) as reader:
        assert reader.execute(
            "select distinct as_of_date::varchar from lead_scores"
        ).fetchall() == [("2026-01-31",)]
        names = {row[0] for row in reader.execute("show tables").fetchall()}
    assert set(map(tuple, dates_seen)) <= {("2026-01-30",), ("2026-01-31",)}
    assert dates_seen == sorted(dates_seen)
    assert len(dates_seen) > 10
    assert {"lead_score_contributions", "sales_queue", "account_scores"} <= names

    # A run that fails leaves the readers what they have.
    published = copy.read_bytes()
    rules = Path(shutil.copytree(PROJECT / "seeds" / "scoring", tmp_path / "rules"))
    curves = rules / "decay_curves.csv"
    curves.write_text(curves.read_text().replace("exponential", "expo"))
    failed = run_dbt(*BUILD, home=tmp_path, raw=raw, seeds=rules, as_of="2026-02-01")
    assert failed.returncode != 0
    assert copy.read_bytes() == published
