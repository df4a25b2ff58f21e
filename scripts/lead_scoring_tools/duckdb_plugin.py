"""What profiles.yml adds to dbt's connection to DuckDB, so that a plain `dbt build` does it too."""

from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from .errors import UserMistakeError, first_line
from .serving import publish, serving_file, unusable_database

IN_MEMORY = ":memory:"


class Plugin(BasePlugin):
    """Adds SQL functions, and says in one sentence why a database can't be opened.

    The functions are `lead_scoring_publish`, `lead_scoring_file_problem` and
    `lead_scoring_data_problem`.
    """

    def update_connection_config(self, creds: Any, config: dict[str, Any]) -> None:
        """Called before dbt opens the database."""
        if creds.path == IN_MEMORY:
            return
        try:
            duckdb.connect(creds.path, config=config).close()
        except duckdb.Error as problem:
            raise DbtRuntimeError(str(unusable_database(Path(creds.path), problem))) from problem

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Called when dbt has opened the database."""

        def lead_scoring_publish(tables: list[str]) -> str:
            target = None if self.creds.path == IN_MEMORY else serving_file(Path(self.creds.path))
            if target is None:
                return "nothing published"
            try:
                count = publish(conn.cursor(), tables, target)
            except (duckdb.Error, OSError) as problem:
                return str(
                    UserMistakeError(
                        str(target),
                        "a place to write the tables that readers see",
                        first_line(problem),
                        "Make room or correct LEAD_SCORING_SERVING, and run again; readers keep"
                        " the tables of the last run that succeeded.",
                    )
                )
            return f"published {count} tables to {target}"

        for name, problem in (
            ("lead_scoring_file_problem", parquet_problem),
            ("lead_scoring_data_problem", parquet_data_problem),
        ):
            conn.create_function(
                name,
                problem,
                ["varchar"],
                "varchar",
                side_effects=True,
                null_handling="special",
            )
        conn.create_function(
            "lead_scoring_publish",
            lead_scoring_publish,
            ["varchar[]"],
            "varchar",
            side_effects=True,
        )


def parquet_problem(file: str) -> str | None:
    """Why a Parquet file can't be read, in a few words; None if its description can be."""
    return _problem("describe select * from read_parquet(?)", file)


def parquet_data_problem(file: str) -> str | None:
    """Why the rows of a Parquet file can't be read; None if all of them can be."""
    return _problem("select max(hash(columns(*))) from read_parquet(?)", file)


def _problem(query: str, file: str) -> str | None:
    try:
        with duckdb.connect() as connection:
            connection.execute(query, [file])
    except (duckdb.Error, OSError) as problem:
        # The engine may quote what it has read.
        said = "".join(sign for sign in first_line(problem) if sign.isprintable())
        return said.rstrip(" :.")
    return None
