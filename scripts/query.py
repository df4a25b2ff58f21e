"""Print the rows of a query on the tables of the last run."""

import argparse
import os
import sys
from pathlib import Path

import duckdb
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

EXAMPLE = """example:
  python scripts/query.py "select lead_id, lead_score from lead_scores order by 2 desc limit 5"
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the query ran."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sql", help="a query in DuckDB's SQL")
    options = parser.parse_args(arguments)
    database = Path(os.environ.get("LEAD_SCORING_DUCKDB", "lead_scoring.duckdb"))
    if not database.exists():
        print(f"[lead_scoring] {database}: expected a database, found nothing. Run make score.")
        return 1
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            cursor = connection.execute(options.sql)
            table = Table(*[column[0] for column in cursor.description], box=SIMPLE)
            for row in cursor.fetchall():
                table.add_row(*["" if value is None else str(value) for value in row])
    except duckdb.Error as problem:
        print(f"[lead_scoring] query: expected SQL that runs, found: {problem}")
        return 1
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False, markup=False).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
