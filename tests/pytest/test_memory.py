"""A run with less memory than its rows need goes on from disk, and gives the same tables."""

import subprocess
from pathlib import Path

import duckdb
import generate_demo
import pytest
from comparison import KEYS
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


def test_a_run_that_spills_gives_the_same_tables(raw: Path, tmp_path: Path) -> None:
    roomy, tight = tmp_path / "roomy", tmp_path / "tight"
    done = run_dbt(*BUILD, home=roomy, raw=raw, as_of=AS_OF)
    assert done.returncode == 0, done.stdout
    spill = tmp_path / "spill"
    little = {"LEAD_SCORING_MEMORY": LITTLE, "LEAD_SCORING_SPILL": str(spill)}
    run = start_dbt(*BUILD, home=tight, raw=raw, as_of=AS_OF, environment=little)
    most = most_spilled(run, spill)
    assert run.returncode == 0, run.communicate()[0]
    assert most > 10_000_000
    assert public_tables(tight) == public_tables(roomy)
