"""Reading a table of scores together with what became of the leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

from .errors import UserMistakeError, first_line
from .lift import GROUPS

SCORES = ("lead_score", "fit_score", "engagement_score", "engagement_score_undecayed")
PURCHASE_TYPES = ("purchase", "closed_won")


@dataclass(frozen=True)
class ScoredLeads:
    """Leads who were no customers on the date, ordered by id, and whether each converted."""

    scorecard: str
    as_of: date
    ends_on: date
    """The last day on which a conversion counts."""
    lead_ids: np.ndarray
    bands: np.ndarray
    scores: dict[str, np.ndarray]
    """By the names of SCORES."""
    outcomes: np.ndarray
    conversions_elsewhere: int
    """Leads who converted in the time too, but have no score or were customers already."""
    last_outcome_on: date | None
    """The last day of the whole outcomes file."""


def read_scored_leads(
    database: Path,
    outcomes: Path,
    days: int,
    scorecard: str | None = None,
    conversion_types: Sequence[str] = PURCHASE_TYPES,
    leads: Path | None = None,
) -> ScoredLeads:
    """The scores of a database against the conversions of the days after their date.

    `leads` names a file of the lead ids to look at; without it, everyone counts.
    """
    with open_scores(database) as connection:
        scorecard = _scorecard(connection, scorecard)
        as_of = _as_of(connection, scorecard)
        load_outcomes(connection, outcomes, conversion_types)
        _make_converted(connection, as_of, days)
        chosen = "true"
        if leads is not None:
            _refuse_missing_columns(connection, leads, {"lead_id"})
            chosen = f"lead_id in (select cast(lead_id as varchar) from {_reader(leads)})"
        found = connection.execute(
            f"""
            select
                lead_id,
                coalesce(lead_band, '') as band,
                {", ".join(f"cast({score} as double) as {score}" for score in SCORES)},
                lead_id in (select lead_id from converted) as has_converted
            from lead_scores
            where scorecard = ? and not is_customer and {chosen}
            order by lead_id
            """,
            [scorecard],
        ).fetchnumpy()
        elsewhere, last = connection.execute(
            """
            select
                (
                    select count(*) from converted
                    where lead_id not in (
                        select lead_id from lead_scores where scorecard = ? and not is_customer
                    )
                ),
                (select max(cast(converted_at as date)) from outcomes)
            """,
            [scorecard],
        ).fetchone()
    if len(found["lead_id"]) < GROUPS:
        raise UserMistakeError(
            str(database),
            f"at least {GROUPS} leads of scorecard {scorecard} who are no customers",
            len(found["lead_id"]),
        )
    return ScoredLeads(
        scorecard=scorecard,
        as_of=as_of,
        ends_on=as_of + timedelta(days=days),
        lead_ids=np.asarray(found["lead_id"], dtype=object),
        bands=np.asarray(found["band"], dtype=object),
        scores={score: np.asarray(found[score]) for score in SCORES},
        outcomes=np.asarray(found["has_converted"]),
        conversions_elsewhere=elsewhere,
        last_outcome_on=last,
    )


def open_scores(database: Path) -> duckdb.DuckDBPyConnection:
    """A connection that only reads; refuses a file without scores."""
    if not database.is_file():
        raise UserMistakeError(
            "--database",
            "a DuckDB file with lead_scores",
            f"nothing at {database}",
            "Run dbt first.",
        )
    try:
        connection = duckdb.connect(str(database), read_only=True)
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("from lead_scores limit 0")
    except duckdb.Error as error:
        raise UserMistakeError(
            "--database",
            "a DuckDB file with the table lead_scores",
            f"{database}: {first_line(error)}",
            "Run dbt build, and close other programs that write to the file.",
        ) from None
    return connection


def _scorecard(connection: duckdb.DuckDBPyConnection, wanted: str | None) -> str:
    rows = connection.execute("select distinct scorecard from lead_scores order by 1").fetchall()
    known = [name for (name,) in rows]
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted not in known:
        raise UserMistakeError(
            "--scorecard",
            f"one of {', '.join(known)}" if known else "a scored lead",
            "nothing" if wanted is None else f"'{wanted}'",
        )
    return wanted


def _as_of(connection: duckdb.DuckDBPyConnection, scorecard: str) -> date:
    dates = connection.execute(
        "select distinct as_of_date from lead_scores where scorecard = ?", [scorecard]
    ).fetchall()
    if len(dates) != 1:
        raise UserMistakeError("lead_scores", "the scores of one date", f"{len(dates)} dates")
    return dates[0][0]


def load_outcomes(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    conversion_types: Sequence[str] = PURCHASE_TYPES,
) -> None:
    """A temporary table `outcomes` of all conversions of the types: lead_id, converted_at."""
    columns = _refuse_missing_columns(connection, path, {"lead_id", "converted_at"})
    of_type = (
        "lower(trim(cast(conversion_type as varchar))) in (select lower(unnest($types)))"
        if "conversion_type" in columns
        else "len($types) >= 0"
    )
    connection.execute(
        f"""
        create temporary table outcomes as
        select
            cast(lead_id as varchar) as lead_id,
            cast(converted_at as varchar) as cell,
            try_cast(cast(converted_at as varchar) as timestamptz) at time zone 'UTC'
                as converted_at
        from {_reader(path)}
        where {of_type}
        """,
        {"types": list(conversion_types)},
    )
    broken = connection.execute(
        "select any_value(cell) from outcomes where cell is not null and converted_at is null"
    ).fetchone()[0]
    if broken is not None:
        raise UserMistakeError(
            f"{path}, converted_at", "a date or time such as 2026-01-31", f"'{broken}'"
        )


def _make_converted(connection: duckdb.DuckDBPyConnection, as_of: date, days: int) -> None:
    """A temporary table of the leads that converted in time."""
    first, last = as_of + timedelta(days=1), as_of + timedelta(days=days)
    connection.execute(
        """
        create temporary table converted as
        select distinct lead_id from outcomes
        where lead_id is not null and cast(converted_at as date) between ? and ?
        """,
        [first, last],
    )


def _refuse_missing_columns(
    connection: duckdb.DuckDBPyConnection, path: Path, needed: set[str]
) -> set[str]:
    if path.suffix not in (".parquet", ".csv") or not path.is_file():
        raise UserMistakeError(
            "file", "an existing .parquet or .csv file", f"'{path}'", "Correct the path."
        )
    try:
        described = connection.execute(f"describe from {_reader(path)}").fetchall()
    except duckdb.Error as error:
        raise UserMistakeError(
            str(path), "a file that DuckDB can read", first_line(error)
        ) from None
    columns = {row[0] for row in described}
    if not needed <= columns:
        raise UserMistakeError(
            str(path),
            f"the columns {' and '.join(sorted(needed))}",
            ", ".join(sorted(columns)),
            "Rename the columns.",
        )
    return columns


def _reader(path: Path) -> str:
    name = str(path).replace("'", "''")
    if path.suffix == ".csv":
        return f"read_csv('{name}', header = true, all_varchar = true, nullstr = '')"
    return f"read_parquet('{name}')"
