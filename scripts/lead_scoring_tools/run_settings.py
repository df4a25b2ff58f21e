"""What a run is told: the dbt vars from the command line, and the demo if nothing else is named."""

import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import generate_demo
from rich.console import Console

from .dbt_runs import DbtRun
from .dbt_vars import read_vars as read_vars
from .dbt_vars import rules_folder as rules_folder
from .dbt_vars import with_project_vars as with_project_vars
from .errors import UserMistakeError
from .places import in_project
from .profiles import read_targets

DEMO = Path("data/demo")


def with_demo(settings: dict[str, Any], console: Console) -> dict[str, Any]:
    """Make the demo if it is what is asked for and not there; it brings a date of its own."""
    if _has_own_data(settings):
        return settings
    truth = DEMO / "truth.json"
    if not truth.exists():
        console.print(f"No data in {DEMO} yet: making a demo.")
        if generate_demo.main(["--out", str(DEMO)]) != 0:
            raise UserMistakeError(str(DEMO), "demo data", "nothing", "See the message above.")
    until = json.loads(truth.read_text())["demo"]["until"]
    return {"as_of": with_project_vars(settings)["as_of"] or until} | settings


def earlier_demo_run(settings: dict[str, Any]) -> dict[str, Any] | None:
    """A run a week earlier, for the first run on the demo to have something that it changes."""
    if _has_own_data(settings) or last_recorded():
        return None
    as_of = date.fromisoformat(str(settings["as_of"])) - timedelta(days=7)
    first = as_of - timedelta(days=6)
    return settings | {"as_of": as_of.isoformat(), "backfill_from": first.isoformat()}


def _has_own_data(settings: dict[str, Any]) -> bool:
    return "LEAD_SCORING_RAW" in os.environ or bool(with_project_vars(settings)["raw_schema"])


def last_recorded() -> date | None:
    """The last date of the history; None if there is none yet."""
    return _latest("select max(score_date) from main_intermediate.int_dates_recorded")


def last_published() -> date | None:
    """The date of the public tables, which an interrupted backfill has left as they were."""
    return _latest("select max(as_of_date) from lead_scores")


def _latest(query: str) -> date | None:
    try:
        with duckdb.connect(str(database_file()), read_only=True) as connection:
            row = connection.execute(query).fetchone()
    except duckdb.Error:
        return None
    return row[0] if row else None


def target() -> str:
    """The target of profiles.yml that a run is for; refuses one that does not stand there."""
    name = os.environ.get("LEAD_SCORING_TARGET") or "duckdb"
    targets = read_targets()
    if name not in targets:
        expected = f"a target of profiles.yml ({', '.join(targets)})"
        raise UserMistakeError("LEAD_SCORING_TARGET", expected, name, "Correct it.")
    return name


def refuse_other_engines() -> None:
    """For commands that read the tables themselves, by DuckDB."""
    if target() != "duckdb":
        raise UserMistakeError(
            "LEAD_SCORING_TARGET",
            "duckdb for this command",
            target(),
            "docs/engines.md says what to do on other engines.",
        )


def database_file() -> Path:
    """The DuckDB file that profiles.yml names; refuses other engines."""
    refuse_other_engines()
    return in_project(os.environ.get("LEAD_SCORING_DUCKDB", "lead_scoring.duckdb"))


def refuse_failed(run: DbtRun) -> None:
    """Report a run that failed by the project's own messages."""
    if not run.succeeded:
        raise FailedRunError(run.problems())


class FailedRunError(UserMistakeError):
    """A run of dbt stopped; its messages say why."""

    def __init__(self, problems: list[str]) -> None:
        log = Path(os.environ.get("DBT_LOG_PATH", "logs")) / "dbt.log"
        closing = f"[lead_scoring] The run stopped; its whole log is {log}."
        Exception.__init__(self, "\n".join([*problems, closing]))
