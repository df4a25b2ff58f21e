"""The example data sets: mapping their files to raw tables, and scoring them with the models."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import yaml

from .backfills import backfill_steps
from .dbt_runs import PROJECT, run_dbt
from .errors import UserMistakeError, first_line

EXAMPLES = PROJECT / "examples"
HISTORY_DAYS_PER_STEP = 45


@dataclass(frozen=True)
class Sample:
    """Dates and leads by which a score is measured; no file of leads means everyone."""

    name: str
    dates: list[date]
    leads: Path | None


@dataclass(frozen=True)
class Example:
    """A data set, its folder under examples/, and where the files made of it go."""

    name: str
    source: Path
    out: Path

    @property
    def folder(self) -> Path:
        """The mapping, the rules and what the models are told."""
        return EXAMPLES / self.name

    @property
    def database(self) -> Path:
        """The scores."""
        return self.out / "lead_scoring.duckdb"

    @property
    def variables(self) -> dict[str, object]:
        """The dbt vars."""
        return _yaml(self.folder / "vars.yml")

    @property
    def evaluation(self) -> dict[str, object]:
        """How the scores are measured."""
        return _yaml(self.folder / "evaluation.yml")

    @property
    def as_of(self) -> date:
        """The date of the scores."""
        return self.variables["as_of"]

    @property
    def days(self) -> int:
        """How long after the date a conversion counts."""
        return self.evaluation["days"]

    @property
    def history_from(self) -> date:
        """The first date of the history; without one, it holds the date of the scores alone."""
        return self.evaluation.get("history_from", self.as_of)

    @property
    def outcomes(self) -> Path:
        """The conversions, past and future."""
        return self.out / self.evaluation["outcomes"]

    @property
    def samples(self) -> list[Sample]:
        """The parts of the data that are measured apart."""
        return [
            Sample(
                name,
                sample.get("dates", [self.as_of]),
                self.out / sample["leads"] if "leads" in sample else None,
            )
            for name, sample in self.evaluation["samples"].items()
        ]


def example_names() -> list[str]:
    """The examples there are."""
    return sorted(path.parent.name for path in EXAMPLES.glob("*/evaluation.yml"))


def find_example(name: str, out: Path | None = None) -> Example:
    """An example with its data folder, which may be absent."""
    data = Path(os.environ.get("LEAD_SCORING_EXAMPLE_DATA") or PROJECT.parent / "shared" / "data")
    return Example(
        name, data.resolve() / name, (out or PROJECT / "data" / "examples" / name).resolve()
    )


def map_tables(example: Example) -> dict[str, int]:
    """Run each query of the mapping over the data set's CSV files; the rows of each result."""
    example.out.mkdir(parents=True, exist_ok=True)
    rows = {}
    with duckdb.connect() as connection:
        connection.execute(f"set variable as_of = date '{example.as_of}'")
        _read_files(connection, example.source)
        for query in sorted((example.folder / "mapping").glob("*.sql")):
            target = _quoted(example.out / f"{query.stem}.parquet")
            text = query.read_text(encoding="utf-8")
            try:
                copied = connection.execute(f"copy (\n{text}\n) to {target} (format parquet)")
            except duckdb.Error as error:
                raise UserMistakeError(
                    f"mapping/{query.name}",
                    f"a query that runs on the files of {example.source}",
                    first_line(error),
                    "Correct the query, or complete the data set.",
                ) from None
            rows[query.stem] = copied.fetchone()[0]
    return rows


def build_scores(example: Example, history_from: date | None = None) -> int:
    """Load the rules, score as of the example's date, and test the tables; the leads scored.

    The database is made anew, with a history of each date from the example's first one on.
    """
    for stale in (example.database, example.database.with_name(f"{example.database.name}.wal")):
        stale.unlink(missing_ok=True)
    first = history_from or example.history_from
    for step in backfill_steps(first, example.as_of, HISTORY_DAYS_PER_STEP):
        _dbt(step.arguments, example, step.settings, example.database)
    with duckdb.connect(str(example.database), read_only=True) as connection:
        found = connection.execute("select count(distinct lead_id) from lead_scores").fetchone()
    return found[0]


def scores_of_other_dates(example: Example, dates: list[date]) -> Iterator[tuple[date, Path]]:
    """Score as of each date, one after the other, in a copy that the next date overwrites.

    Dates after the last one of the history add to it, with the days between.
    """
    copy = example.out / "other_dates" / example.database.name
    copy.parent.mkdir(exist_ok=True)
    shutil.copyfile(example.database, copy)
    try:
        for day in dates:
            arguments = ["run", "--select", "+lead_scores", "+int_dates_recorded"]
            _dbt(arguments, example, {"as_of": day.isoformat()}, copy)
            yield day, copy
    finally:
        shutil.rmtree(copy.parent)


def read_baselines(example: Example, as_of: date, lead_ids: np.ndarray) -> dict[str, np.ndarray]:
    """The simple scores of baselines.sql for these leads; the lowest for a lead without any."""
    with duckdb.connect() as connection:
        connection.execute(f"set variable as_of = date '{as_of}'")
        for path in sorted(example.out.glob("raw_*.parquet")):
            connection.execute(
                f'create view "{path.stem}" as select * from read_parquet({_quoted(path)})'
            )
        query = (example.folder / "baselines.sql").read_text(encoding="utf-8")
        found = connection.execute(query).fetchnumpy()
    place = {lead: position for position, lead in enumerate(found.pop("lead_id"))}
    positions = np.array([place.get(lead, -1) for lead in lead_ids])
    return {
        name: np.where(positions >= 0, np.asarray(values, float)[positions], np.min(values))
        for name, values in found.items()
    }


def _read_files(connection: duckdb.DuckDBPyConnection, source: Path) -> None:
    """Each CSV file as a view of text columns; only an empty cell is null."""
    for path in sorted(source.glob("*.csv")):
        connection.execute(
            f'create view "{path.stem}" as select * from read_csv({_quoted(path)}, header = true,'
            " all_varchar = true, nullstr = '', delim = ',', quote = '\"', escape = '\"')"
        )


def _dbt(arguments: list[str], example: Example, settings: dict[str, str], database: Path) -> None:
    target, logs = example.out / "target", example.out / "logs"
    environment = {
        "LEAD_SCORING_TARGET": "duckdb",
        "LEAD_SCORING_RAW": str(example.out),
        "LEAD_SCORING_SEEDS": (example.folder / "seeds").relative_to(PROJECT).as_posix(),
        "LEAD_SCORING_DUCKDB": str(database),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(logs),
    }
    run = run_dbt(arguments, example.variables | settings, environment=environment)
    if not run.succeeded:
        raise UserMistakeError(
            f"dbt {arguments[0]} as of {settings['as_of']}",
            "no errors",
            run.problems()[0].rstrip("."),
            f"See {logs / 'dbt.log'}.",
        )


def _yaml(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
