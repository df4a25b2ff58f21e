"""A session of Apache Spark, and raw files as its tables."""

import logging
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from .spark_settings import session_settings


@contextmanager
def spark_session() -> Iterator[Any]:
    """A session as dbt makes it, which is ended in the end."""
    from pyspark.sql import SparkSession

    # The bridge to Java tells of every connection that it closes.
    logging.getLogger("py4j").setLevel(logging.WARNING)
    builder = SparkSession.builder.enableHiveSupport()
    for name, value in session_settings().items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


def load_files(session: Any, folder: Path, schema: str) -> dict[str, int]:
    """Make each raw_* file of a folder a table of the same name; CSV becomes columns of text.

    Tables that are there already are replaced. Returns how many rows each has.
    """
    counts = {}
    session.sql(f"create schema if not exists {_quoted(schema)}")
    with (
        duckdb.connect() as reader,
        tempfile.TemporaryDirectory() as staging,
        _moving_to_warehouse(session) as moved,
    ):
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
            session.read.parquet(moved(copy)).write.format("parquet").saveAsTable(table)
            counts[path.stem] = session.table(table).count()
    return counts


@contextmanager
def _moving_to_warehouse(session: Any) -> Iterator[Callable[[Path], str]]:
    """Moves files into a folder of the warehouse, which is removed in the end.

    Executors do not see the folders of this machine, but they all reach the warehouse.
    """
    java = session.sparkContext._jvm.org.apache.hadoop.fs
    warehouse = session.conf.get("spark.sql.warehouse.dir")
    folder = java.Path(warehouse, f"lead_scoring_loading_{uuid.uuid4().hex}")
    system = folder.getFileSystem(session.sparkContext._jsc.hadoopConfiguration())

    def moved(file: Path) -> str:
        place = java.Path(folder, file.name)
        system.copyFromLocalFile(True, java.Path(file.as_uri()), place)
        return str(place.toString())

    try:
        system.mkdirs(folder)
        yield moved
    finally:
        system.delete(folder, True)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
