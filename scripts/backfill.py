"""Record the scores of past dates in the history, as daily runs would have, in one run.

The dates from --from to --to are recorded anew, and those after them too where the history
reaches further, since each day's stages follow from the day before. All events that are known
today count on the date on which they happened.
"""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from lead_scoring_tools.backfills import DAYS_PER_STEP, backfill_steps
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.dbt_runs import PROJECT, run_dbt
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.rule_checks import check_rule_files
from lead_scoring_tools.run_settings import (
    database_file,
    last_published,
    last_recorded,
    read_vars,
    refuse_failed,
    refuse_other_engines,
    rules_folder,
    with_demo,
    with_project_vars,
)
from rich.console import Console

EXAMPLE = """example:
  python scripts/backfill.py --from 2025-02-01 --to 2026-01-31
  make backfill FROM=2025-02-01 TO=2026-01-31
"""
EARLIEST = date(1970, 1, 1)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if all dates were recorded."""
    return run_command(backfill, arguments)


def backfill(arguments: list[str] | None) -> None:
    """Record the dates, some at a time, so that memory does not grow with the range."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--from", dest="first", required=True, help="first date, such as 2025-02-01"
    )
    parser.add_argument("--to", dest="last", help="last date (default: that of the scores)")
    parser.add_argument("--vars", default="{}", help="dbt vars as YAML")
    parser.add_argument(
        "--days-per-step",
        type=int,
        default=DAYS_PER_STEP,
        help=f"dates computed at a time (default: {DAYS_PER_STEP})",
    )
    options = parser.parse_args(arguments)
    os.chdir(PROJECT)
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    settings = read_vars(options.vars)
    check_rule_files(rules_folder(), settings)
    refuse_other_engines()
    settings = with_demo(settings, console)
    as_of = with_project_vars(settings)["as_of"]
    first = _date("--from", options.first)
    last = _date("--to", options.last or str(as_of or datetime.now(UTC).date()))
    if options.days_per_step < 1:
        raise UserMistakeError(
            "--days-per-step", "at least 1", str(options.days_per_step), "Correct it."
        )
    if first > last:
        raise UserMistakeError(
            "--from and --to", "--from not after --to", f"{first} and {last}", "Swap them."
        )
    # An interrupted backfill has left the public tables as of the date that it was to reach.
    reached = max((day for day in (last_recorded(), last_published()) if day), default=last)
    if reached > last:
        console.print(f"The history reaches to {reached}; what follows {last} is recorded anew.")
        last = reached
    _record(first, last, options.days_per_step, settings, console)


def _record(
    first: date, last: date, days_per_step: int, settings: dict[str, Any], console: Console
) -> None:
    seconds = 0.0
    for step in backfill_steps(first, last, days_per_step):
        with console.status(step.label) as status:
            run = run_dbt(
                step.arguments,
                settings | step.settings,
                on_step=lambda done, total, label=step.label, status=status: status.update(
                    f"{label}: dbt step {done} of {total}"
                ),
            )
        refuse_failed(run)
        seconds += run.seconds
        console.print(f"{step.label}: {run.seconds:.1f} s")
    rows = _history_rows(database_file())
    console.print(
        f"Recorded {(last - first).days + 1:,} dates in {seconds:.0f} s;"
        f" lead_score_history has {rows:,} rows, and all tables are as of {last}."
    )


def _date(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day < EARLIEST or len(text) != 10:
        raise UserMistakeError(
            option, "an ISO date from 1970 on, such as 2026-01-31", f"'{text}'", "Correct it."
        )
    return day


def _history_rows(database: Path) -> int:
    return int(_first_cell(database, "select count(*) from lead_score_history") or 0)


def _first_cell(database: Path, query: str) -> Any:
    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


if __name__ == "__main__":
    sys.exit(main())
