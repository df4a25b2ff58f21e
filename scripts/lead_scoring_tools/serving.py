"""The serving copy: the public tables in a DuckDB file that no run keeps locked.

One process at a time may open a DuckDB file that is written to, and nobody reads it meanwhile. A
run therefore publishes its public tables, when all of it has succeeded, to a second file, which is
replaced in one step: whoever opens it finds the tables of one successful run.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import duckdb

from .errors import UserMistakeError, first_line
from .places import in_project


def serving_file(database: Path) -> Path | None:
    """Where the serving copy of a database is; none if the environment turns it off."""
    named = os.environ.get("LEAD_SCORING_SERVING")
    if named == "none":
        return None
    return in_project(named) if named else database.with_name(f"{database.stem}_serving.duckdb")


def publish(connection: duckdb.DuckDBPyConnection, tables: Iterable[str], target: Path) -> int:
    """Copy tables of the open database into `target`, which is replaced once all are copied.

    Tables are named as SQL names them, quotes included, by database, schema and table; the copies
    are in schema main. A reader that has the old file open keeps reading it. Returns the number of
    tables.
    """
    for left_behind in target.parent.glob(f"{target.name}.*.tmp*"):
        left_behind.unlink(missing_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    count = 0
    try:
        connection.execute(f"attach '{_escaped(draft)}' as lead_scoring_serving")
        try:
            for table in tables:
                name = table.rsplit(".", 1)[-1]
                connection.execute(
                    f"create table lead_scoring_serving.main.{name} as select * from {table}"
                )
                count += 1
        finally:
            connection.execute("detach lead_scoring_serving")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return count


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def open_for_reading(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection that only reads: to the database or, while a run writes, to its serving copy."""
    if not database.exists():
        raise UserMistakeError(str(database), "a database", "nothing", "Run make score.")
    try:
        return duckdb.connect(str(database), read_only=True)
    except duckdb.Error as problem:
        copy = serving_file(database)
        if "lock" in str(problem).lower() and copy and copy.exists():
            return duckdb.connect(str(copy), read_only=True)
        raise unusable_database(database, problem) from problem


def unusable_database(database: Path, problem: duckdb.Error) -> UserMistakeError:
    """What to tell whoever can't open a database."""
    found = first_line(problem)
    if "lock" in found.lower():
        return UserMistakeError(
            str(database),
            "a database that no other process has open",
            found,
            "Wait until the other run ends, or close the program that reads it; the tables of the"
            " last successful run can be read from the serving copy meanwhile.",
        )
    if "not a valid DuckDB database file" in found or "Corrupt" in found:
        return UserMistakeError(
            str(database),
            "a DuckDB database",
            found,
            "Restore it from a backup, or move it away: the next run then makes a new one, and"
            " make backfill its history.",
        )
    return UserMistakeError(
        str(database),
        "a database that can be opened",
        found,
        "Correct LEAD_SCORING_DUCKDB, or the rights of the file and its folder.",
    )
