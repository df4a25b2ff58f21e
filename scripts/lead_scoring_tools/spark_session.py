"""A session of Apache Spark, and raw files as its tables."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb

# Times without a zone are UTC everywhere in the project.
SETTINGS = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "false"}


def spark_session(settings: dict[str, str] | None = None) -> Any:
    """The session of this process; what is not set here, spark-defaults.conf decides."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.enableHiveSupport()
    for name, value in (SETTINGS | (settings or {})).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def load_files(session: Any, folder: Path, schema: str) -> dict[str, int]:
    """Make each raw_* file of a folder a table of the same name; CSV becomes columns of text.

    Tables that are there already are replaced. Returns how many rows each has.
    """
    counts = {}
    session.sql(f"create schema if not exists {_quoted(schema)}")
    with duckdb.connect() as reader, tempfile.TemporaryDirectory() as staging:
        for path in sorted([*folder.glob("raw_*.parquet"), *folder.glob("raw_*.csv")]):
            if path.suffix == ".csv":
                rows = reader.read_csv(str(path), all_varchar=True)
            else:
                rows = reader.read_parquet(str(path))
            # Written anew by one reader, so that every engine gets the same cells and types.
            copy = Path(staging) / f"{path.stem}.parquet"
            rows.write_parquet(str(copy))
            table = f"{_quoted(schema)}.{_quoted(path.stem)}"
            session.sql(f"drop table if exists {table}")
            session.read.parquet(copy.as_uri()).write.format("parquet").saveAsTable(table)
            counts[path.stem] = session.table(table).count()
    return counts


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
