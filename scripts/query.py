"""Print the rows of a query on the tables of the last run."""

import sys

import duckdb
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.run_settings import database_file
from lead_scoring_tools.serving import open_for_reading
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

EXAMPLE = """example:
  python scripts/query.py "select lead_id, lead_score from lead_scores order by 2 desc limit 5"
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the query ran."""
    return run_command(query, arguments)


def query(arguments: list[str] | None) -> None:
    """Print the rows; while a run writes, those that the run before it published."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument("sql", help="a query in DuckDB's SQL")
    options = parser.parse_args(arguments)
    with open_for_reading(database_file()) as connection:
        try:
            cursor = connection.execute(options.sql)
        except duckdb.Error as problem:
            raise UserMistakeError("query", "SQL that runs", problem) from problem
        table = Table(*[column[0] for column in cursor.description], box=SIMPLE)
        for row in cursor.fetchall():
            table.add_row(*["" if value is None else str(value) for value in row])
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False, markup=False).print(table)


if __name__ == "__main__":
    sys.exit(main())
