"""A run with less memory than its rows need goes on from disk, and gives the same tables; one
without room on disk leaves what is published, and the next run repairs it."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import generate_demo
import pytest
from comparison import KEYS
from lead_scoring_tools.dbt_runs import DbtRun
from pipeline import run_dbt, start_dbt

BUILD = ("--quiet", "build", "--exclude-resource-type", "unit_test", "test")
AS_OF = "2026-01-31"
# Enough for each step of a run on these data to make progress, and too little to hold the events.
LITTLE = "160MB"


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    generate_demo.main(["--out", str(folder), "--leads", "3000", "--events", "200000"])
    return folder


@pytest.fixture(scope="module")
def roomy(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a run with all the memory and disk that it needs."""
    folder = tmp_path_factory.mktemp("roomy")
    done = run_dbt(*BUILD, home=folder, raw=raw, as_of=AS_OF)
    assert done.returncode == 0, done.stdout
    return folder


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """What is started meanwhile can't write beyond this many bytes of a file."""
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


def public_tables(home: Path) -> dict[str, list[tuple]]:
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        return {t: connection.execute(f"from {t} order by all").fetchall() for t in KEYS}


def test_a_run_that_spills_gives_the_same_tables(raw: Path, roomy: Path, tmp_path: Path) -> None:
    tight = tmp_path / "tight"
    spill = tmp_path / "spill"
    little = {"LEAD_SCORING_MEMORY": LITTLE, "LEAD_SCORING_SPILL": str(spill)}
    run = start_dbt(*BUILD, home=tight, raw=raw, as_of=AS_OF, environment=little)
    most = most_spilled(run, spill)
    assert run.returncode == 0, run.communicate()[0]
    assert most > 10_000_000
    assert public_tables(tight) == public_tables(roomy)


def test_readers_keep_their_tables_when_the_disk_is_full_or_a_file_damaged(
    raw: Path, roomy: Path
) -> None:
    tables = public_tables(roomy)
    copy = roomy / "lead_scoring_serving.duckdb"
    published = copy.read_bytes()
    # More than any file that dbt writes, and far less than the database, which has free places.
    with files_no_larger_than(6_000_000):
        full = run_dbt(*BUILD, home=roomy, raw=raw, as_of=AS_OF)
    assert full.returncode != 0
    assert "Traceback" not in full.stdout + full.stderr
    (problem,) = DbtRun(False, 0.0, full.stdout.splitlines()).problems()
    assert problem.startswith("[lead_scoring] disk: expected room for what a run writes, found")
    assert copy.read_bytes() == published

    leads = raw / "raw_leads.parquet"
    whole = leads.read_bytes()
    # What begins the first page; the description of the file, at its end, is as it was.
    leads.write_bytes(whole[:4] + b"\xff" * 1000 + whole[1004:])
    damaged = run_dbt(*BUILD, home=roomy, raw=raw, as_of=AS_OF)
    leads.write_bytes(whole)
    assert damaged.returncode != 0
    assert "Traceback" not in damaged.stdout + damaged.stderr
    (problem,) = DbtRun(False, 0.0, damaged.stdout.splitlines()).problems()
    assert problem.startswith(
        f"[lead_scoring] {leads}: expected a Parquet file that can be read to"
    )
    assert copy.read_bytes() == published

    repaired = run_dbt(*BUILD, home=roomy, raw=raw, as_of=AS_OF)
    assert repaired.returncode == 0, repaired.stdout
    assert public_tables(roomy) == tables
