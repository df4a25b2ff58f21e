"""Load a folder of raw files into Postgres, as the tables that the models read there."""

import sys
from functools import partial

import duckdb
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.postgres_checks import connected
from lead_scoring_tools.postgres_server import load_files
from lead_scoring_tools.raw_loading import folder_and_schema, load_and_show

EXAMPLE = """example:
  python scripts/load_postgres.py --raw data/demo --schema raw

The server is the one that the LEAD_SCORING_POSTGRES_ variables name. A table that is there already
gets these rows instead of its own. Columns of CSV files become text.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the files were loaded."""
    return run_command(load, arguments)


def load(arguments: list[str] | None) -> None:
    """Load the files, and say how many rows each table has."""
    folder, schema = folder_and_schema(__doc__, EXAMPLE, arguments)
    with connected() as connection:
        import psycopg2

        load_and_show(
            partial(load_files, connection), folder, schema, (duckdb.Error, psycopg2.Error)
        )


if __name__ == "__main__":
    sys.exit(main())
