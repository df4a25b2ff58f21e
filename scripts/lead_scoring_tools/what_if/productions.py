"""The database of the last run, which a what-if reads and never writes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from ..dbt_runs import PROJECT
from ..errors import UserMistakeError, first_line

REMEDY = "Run make score first."
# They say which dates a run records, and nothing of how it scores.
RUN_VARS = ("as_of", "backfill_from", "backfill_to", "history_fill_days", "forecast_days")


@dataclass(frozen=True)
class Production:
    """What the last run left, and whether today's settings read the raw tables as it did."""

    file: Path
    database: str
    """The name that DuckDB gives the file, by which its views know its tables."""
    as_of: date
    recorded_since: date
    """The first date of the history."""
    leads: int
    settings: dict[str, Any]
    """The vars to score with: those of the run, and what was given now."""
    raw_schema: str
    raw_tables: list[str]
    changed_vars: list[str]
    """Vars that decide what the raw tables are read as, and are others now."""

    @property
    def is_current(self) -> bool:
        """Whether its tables are those that a run would build today on the same inputs."""
        return not self.changed_vars


def read_production(file: Path, given: Mapping[str, Any]) -> Production:
    """The state of a database; refuses one whose tables do not belong together."""
    if not file.is_file():
        raise UserMistakeError(str(file), "a database with scores", "none", REMEDY)
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            (database,) = connection.execute("select current_database()").fetchone() or ("",)
            run = connection.execute(
                "select as_of_date, settings from main_intermediate.complete_run"
            ).fetchone()
            (leads,) = connection.execute(
                "select count(distinct lead_id) from lead_scores"
            ).fetchone()
            (since,) = connection.execute(
                "select min(score_date) from main_intermediate.int_dates_recorded"
            ).fetchone()
            settings = json.loads(run[1]) if run else {}
            reading = settings.get("reading", {})
            raw_schema = reading.get("raw_schema") or reading.get("raw_files_schema") or "raw_files"
            raw_tables = connection.execute(
                "select table_name from information_schema.tables"
                " where table_catalog = current_database() and table_schema = ?",
                [raw_schema],
            ).fetchall()
    except duckdb.CatalogException:
        raise UserMistakeError(
            str(file), "the tables of a run that built all of them", "none or a part", REMEDY
        ) from None
    except duckdb.Error as problem:
        raise UserMistakeError(
            str(file),
            "a DuckDB file that can be read",
            first_line(problem),
            "Close other programs that write to the file.",
        ) from None
    if run is None:
        raise UserMistakeError(str(file), "the tables of a complete run", "none", REMEDY)
    if str(given.get("as_of", run[0])) != str(run[0]):
        raise UserMistakeError(
            "var as_of",
            f"the date of the last run, as of {run[0]}, or none",
            given["as_of"],
            "Score that date first.",
        )
    used = settings["given"] | given
    used = {name: value for name, value in used.items() if name not in RUN_VARS}
    return Production(
        file=file,
        database=database,
        as_of=run[0],
        recorded_since=since or run[0],
        leads=leads,
        settings=used,
        raw_schema=raw_schema,
        raw_tables=[name for (name,) in raw_tables],
        changed_vars=[name for name, value in reading.items() if _current(name, used) != value],
    )


def _current(name: str, used: Mapping[str, Any]) -> Any:
    if name in used:
        return used[name]
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"].get(name)
