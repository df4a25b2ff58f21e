"""What is done with a demo, step by step, where an engine is checked or measured."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from .dbt_runs import PROJECT, run_dbt
from .errors import UserMistakeError

SETTINGS = {"as_of": "2026-01-31", "raw_schema": "raw"}
LINES_SHOWN = 60


def load_into_spark(raw: Path, environment: Mapping[str, str]) -> None:
    """Load raw files as the schema raw, in another process: one at a time opens the metastore."""
    script = PROJECT / "scripts" / "load_spark.py"
    done = subprocess.run(
        [sys.executable, str(script), "--raw", str(raw), "--schema", "raw"],
        env=os.environ | dict(environment),
        check=False,
    )
    if done.returncode != 0:
        raise UserMistakeError("demo", "to be loaded into Spark", "that it failed", "See above.")


def run_step(engine: str, name: str, command: list[str], environment: Mapping[str, str]) -> None:
    """Run dbt on the tables of the schema raw, and say how it went; a failure ends the check."""
    started = time.monotonic()
    run = run_dbt(command, SETTINGS, environment=environment)
    seconds = time.monotonic() - started
    closing = next((line for line in reversed(run.log) if line.startswith("Done.")), "")
    print(f"{engine}: {name}: {'ok' if run.succeeded else 'FAILED'} ({seconds:.0f} s) {closing}")
    sys.stdout.flush()
    if not run.succeeded:
        print("\n".join(run.log[-LINES_SHOWN:]))
        raise UserMistakeError(f"dbt on {engine}", f"to {name}", "that it failed", "See its log.")
