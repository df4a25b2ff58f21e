"""Load a folder of raw files into Apache Spark, as the tables that the models read there."""

import sys
from functools import partial

import duckdb
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.raw_loading import folder_and_schema, load_and_show
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
    folder, schema = folder_and_schema(__doc__, EXAMPLE, arguments)
    refuse_unfit_spark({"raw_schema": schema})
    from pyspark.errors import PySparkException

    with spark_session() as session:
        load_and_show(
            partial(load_files, session), folder, schema, (duckdb.Error, PySparkException)
        )


if __name__ == "__main__":
    sys.exit(main())
