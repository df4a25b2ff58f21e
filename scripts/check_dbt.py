"""Check the dbt project from nothing: build with all tests, compile, docs, and an empty build."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import generate_demo
from lead_scoring_tools.dbt_runs import PROJECT, run_dbt

EXAMPLE = """example:
  python scripts/check_dbt.py
"""
AS_OF = {"as_of": "2026-01-31"}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if every step succeeds."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(arguments)
    os.chdir(PROJECT)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        demo, nowhere = Path(folder) / "raw", Path(folder) / "nowhere"
        if generate_demo.main(["--leads", "1000", "--out", str(demo)]) != 0:
            return 1
        # Two lanes at once, for dbt keeps one core busy. The steps of a lane share what is parsed.
        lanes = [
            [Step("build with all data and unit tests", ["build"], demo)],
            [
                # It compiles everything first, as dbt compile does.
                Step("compile and docs on an empty database", ["docs", "generate"], nowhere),
                Step("build --empty without raw data", ["build", "--empty"], nowhere),
            ],
        ]
        homes = [Path(folder) / f"lane_{number}" for number in range(len(lanes))]
        return 0 if all(list(pool.map(_run_lane, lanes, homes))) else 1


@dataclass(frozen=True)
class Step:
    """One command of dbt, on a database of its own."""

    name: str
    command: list[str]
    raw: Path


def _run_lane(steps: list[Step], home: Path) -> bool:
    database = home / "database"
    environment = {
        "LEAD_SCORING_TARGET": "duckdb",
        "LEAD_SCORING_DUCKDB": str(database / "check.duckdb"),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
    }
    for step in steps:
        shutil.rmtree(database, ignore_errors=True)
        database.mkdir(parents=True)
        if not _run_step(step, environment | {"LEAD_SCORING_RAW": str(step.raw)}):
            return False
    return True


def _run_step(step: Step, environment: dict[str, str]) -> bool:
    started = time.monotonic()
    run = run_dbt(step.command, AS_OF, environment=environment)
    outcome = "ok" if run.succeeded else "FAILED"
    closing = next((line for line in reversed(run.log) if line.startswith("Done.")), "")
    lines = [f"dbt: {step.name}: {outcome} ({time.monotonic() - started:.0f} s) {closing}"]
    print("\n".join(lines if run.succeeded else lines + run.log[-60:]), flush=True)
    return run.succeeded


if __name__ == "__main__":
    sys.exit(main())
