"""Runs of dbt on a demo, one after another, by which an engine is checked."""

import sys
import time
from collections.abc import Mapping

from .dbt_runs import run_dbt
from .errors import UserMistakeError

SETTINGS = {"as_of": "2026-01-31", "raw_schema": "raw"}
LINES_SHOWN = 60


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
