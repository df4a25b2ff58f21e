"""A run with less memory than its rows need goes on from disk, and gives the same tables; one
whose files may not grow leaves what is published, and the next run repairs it."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import generate_demo
import pytest
from engine_differences import PUBLIC, engine_differences
from lead_scoring_tools.dbt_runs import DbtRun
from pipeline import Row, rows_of, run_dbt, start_dbt

BUILD = ("--quiet", "build", "--exclude-resource-type", "unit_test", "test")
AS_OF = "2026-01-31"
LATE = "loaded_at >= timestamp '2026-01-31'"
# Enough for each step of a run on these data to make progress, and too little to hold the events.
LITTLE = "160MB"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    generate_demo.main(["--out", str(folder), "--leads", "3000", "--events", "200000"])
    return folder


@pytest.fixture(scope="module")
def kept(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a run, with room, on the events that were loaded before the late ones."""
    home = tmp_path_factory.mktemp("kept")
    events = raw / "raw_events.parquet"
    whole = events.read_bytes()
    early = duckdb.sql(f"from '{events}' where not {LATE}")
    early.write_parquet(str(home / "early.parquet"))
    (home / "early.parquet").replace(events)
    done = run_dbt(*BUILD, home=home, raw=raw, as_of=AS_OF)
    events.write_bytes(whole)
    assert done.returncode == 0, done.stdout
    return home


@pytest.fixture(scope="module")
def spilled(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a first run on all events, with too little memory to hold them."""
    home = tmp_path_factory.mktemp("spilled")
    spill = home / "spill"
    little = {"LEAD_SCORING_MEMORY": LITTLE, "LEAD_SCORING_SPILL": str(spill)}
    run = start_dbt(*BUILD, home=home, raw=raw, as_of=AS_OF, environment=little)
    most = most_spilled(run, spill)
    assert run.returncode == 0, run.communicate()[0]
    assert most > 10_000_000
    return home


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """What is started meanwhile can't write beyond this many bytes of a file.

    It takes the place of a full disk, of which DuckDB learns in the same way: a write that fails.
    """
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


def size_of(folder: Path) -> int:
    """Bytes in a folder whose files come and go."""
    total = 0
    for file in folder.glob("*") if folder.is_dir() else ():
        try:
            total += file.stat().st_size
        except FileNotFoundError:
            continue
    return total


def most_spilled(run: "subprocess.Popen[str]", spill: Path) -> int:
    """The most bytes that a run has on disk in place of memory, looked at ten times a second."""
    most = 0
    while True:
        try:
            run.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            most = max(most, size_of(spill))
        else:
            return most


def public_tables(home: Path) -> dict[str, list[Row]]:
    """All of them, without what they say of the change since the run before."""
    changes = "change_type, changed_columns, change_number"
    queries = {table: f"from {table}" for table in PUBLIC} | {
        "published_scores": f"select * exclude ({changes}) from published_scores",
        "score_changes": "from score_changes where false",
    }
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        return {table: rows_of(connection, query) for table, query in queries.items()}


def events_stored(home: Path) -> int:
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        return len(connection.table("main_intermediate.int_events_resolved"))


def problem_of(failed: "subprocess.CompletedProcess[str]") -> str:
    """The one sentence of a run that failed."""
    assert failed.returncode != 0
    assert "Traceback" not in failed.stdout + failed.stderr
    (problem,) = DbtRun(False, 0.0, failed.stdout.splitlines()).problems()
    return problem


def test_a_run_with_little_memory_and_one_after_failures_leave_the_same_tables(
    raw: Path, kept: Path, spilled: Path
) -> None:
    """Readers keep theirs while files may not grow, and while one is damaged."""
    copy = kept / "lead_scoring_serving.duckdb"
    published = copy.read_bytes()
    stored = events_stored(kept)
    # More than any file that dbt writes, and far less than the database, which has free places.
    with files_no_larger_than(10_000_000):
        full = run_dbt(*BUILD, home=kept, raw=raw, as_of=AS_OF)
    assert problem_of(full).startswith(
        "[lead_scoring] disk: expected room for what a run writes, found"
    )
    assert copy.read_bytes() == published
    # It had begun to store what is new.
    assert events_stored(kept) > stored

    leads = raw / "raw_leads.parquet"
    whole = leads.read_bytes()
    # What begins the first page; the description of the file, at its end, is as it was.
    leads.write_bytes(whole[:4] + b"\xff" * 1000 + whole[1004:])
    damaged = run_dbt(*BUILD, home=kept, raw=raw, as_of=AS_OF)
    leads.write_bytes(whole)
    assert problem_of(damaged).startswith(
        f"[lead_scoring] {leads}: expected a Parquet file that can be read to"
    )
    assert copy.read_bytes() == published

    repaired = run_dbt(*BUILD, home=kept, raw=raw, as_of=AS_OF)
    assert repaired.returncode == 0, repaired.stdout
    assert engine_differences(public_tables(kept), public_tables(spilled)) == []
