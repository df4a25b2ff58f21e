"""Check the dbt project from nothing: build with all tests, compile, docs, and an empty build."""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "raw"
        if generate_demo.main(["--leads", "1000", "--out", str(demo)]) != 0:
            return 1
        # Each step starts with a database of its own; `empty` has no raw data either.
        steps = [
            ("build with all data and unit tests", ["build"], demo),
            ("compile on an empty database", ["compile"], Path(folder) / "nowhere"),
            ("docs on an empty database", ["docs", "generate"], Path(folder) / "nowhere"),
            ("build --empty without raw data", ["build", "--empty"], Path(folder) / "nowhere"),
        ]
        for name, command, raw in steps:
            with _scratch(folder, name) as environment:
                if not _step(name, command, environment | {"LEAD_SCORING_RAW": str(raw)}):
                    return 1
    return 0


@contextmanager
def _scratch(folder: str, name: str) -> Iterator[dict[str, str]]:
    home = Path(folder) / name.replace(" ", "_")
    home.mkdir()
    yield {
        "LEAD_SCORING_DUCKDB": str(home / "check.duckdb"),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
    }


def _step(name: str, command: list[str], environment: dict[str, str]) -> bool:
    started = time.monotonic()
    run = run_dbt(command, AS_OF, environment=environment)
    outcome = "ok" if run.succeeded else "FAILED"
    closing = next((line for line in reversed(run.log) if line.startswith("Done.")), "")
    print(f"dbt: {name}: {outcome} ({time.monotonic() - started:.0f} s) {closing}", flush=True)
    if not run.succeeded:
        print("\n".join(run.log[-60:]))
    return run.succeeded


if __name__ == "__main__":
    sys.exit(main())
