"""Load a folder of raw files into Apache Spark, as the tables that the models read there."""

import sys
from pathlib import Path

import duckdb
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.errors import UserMistakeError, first_line
from lead_scoring_tools.spark_checks import refuse_unfit_spark
from lead_scoring_tools.spark_session import load_files, spark_session

EXAMPLE = """example:
  python scripts/load_spark.py --raw data/demo --schema raw

The cluster is the one that the LEAD_SCORING_SPARK_ variables name. A table that is there already
is replaced. Columns of CSV files become text.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the files were loaded."""
    return run_command(load, arguments)


def load(arguments: list[str] | None) -> None:
    """Load the files, and say how many rows each table has."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument("--raw", type=Path, default=Path("data/demo"), help="folder (data/demo)")
    parser.add_argument("--schema", default="raw", help="schema of the tables (raw)")
    options = parser.parse_args(arguments)
    if not any(options.raw.glob("raw_*.*")):
        raise UserMistakeError(
            str(options.raw),
            "files raw_*.parquet or raw_*.csv",
            "none",
            "Name another folder, or make the demo: make demo",
        )
    refuse_unfit_spark({"raw_schema": options.schema})
    from pyspark.errors import PySparkException

    with spark_session() as session:
        try:
            counts = load_files(session, options.raw, options.schema)
        except (duckdb.Error, PySparkException) as problem:
            raise UserMistakeError(
                str(options.raw), "files that can be loaded", first_line(problem), "Correct it."
            ) from problem
    for table, count in counts.items():
        print(f"{options.schema}.{table}  {count:,} rows")


if __name__ == "__main__":
    sys.exit(main())
