"""The engines beside DuckDB on which the tests run the models."""

import importlib.util
import os
import pickle
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import pytest
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.postgres_server import (
    NoPostgresError,
    PostgresServer,
    load_files,
    running_postgres,
)
from lead_scoring_tools.spark_checks import refuse_unfit_java, refuse_unfit_pyspark
from lead_scoring_tools.spark_cluster import SparkCluster, running_cluster
from pipeline import PROJECT, Row, rows_of
from planned_once import CREATE, CREATE_AS, DROP

# Those on which compiled SQL runs without dbt, and those on which dbt builds.
ENGINES = ("postgres",)
BUILT_ENGINES = ("postgres", "spark")
REQUIRE = "LEAD_SCORING_REQUIRE_ENGINES"
SCHEMAS = ("main", "main_rules", "main_staging", "main_intermediate", "raw_files")


@contextmanager
def running_engine(name: str) -> Iterator["Postgres | Spark"]:
    """A server of the engine with no data; where there is none, as `without` says."""
    assert name in BUILT_ENGINES
    with ExitStack() as stack:
        try:
            engine: Postgres | Spark
            if name == "spark":
                engine = Spark(stack.enter_context(running_cluster()))
            else:
                refuse_missing_client()
                # A person's machine is left as it is.
                is_required = name in required_engines()
                engine = Postgres(stack.enter_context(running_postgres(install=is_required)))
        except UserMistakeError as problem:
            without(name, problem)
        yield engine


def need_spark() -> None:
    """Go on where a cluster could be started; elsewhere as `without` says."""
    try:
        refuse_unfit_java()
        refuse_unfit_pyspark()
    except UserMistakeError as problem:
        without("spark", problem)


def without(name: str, problem: UserMistakeError) -> NoReturn:
    """Skip a test for want of an engine; fail it where the engine is required, as in CI."""
    if name in required_engines():
        told = f"{problem} {REQUIRE}, which asks for {name}, is set."
        raise pytest.fail.Exception(told, pytrace=False) from None
    pytest.skip(str(problem))


def required_engines() -> list[str]:
    """The engines without which tests fail, where they are else skipped."""
    names = os.environ.get(REQUIRE, "").split()
    if unknown := [name for name in names if name not in BUILT_ENGINES]:
        expected = f"names out of {' '.join(BUILT_ENGINES)}"
        raise UserMistakeError(REQUIRE, expected, " ".join(unknown), "Correct it.")
    return names


def refuse_missing_client() -> None:
    """The client of Postgres is part of what the tests need, but may be left out."""
    if importlib.util.find_spec("dbt.adapters.postgres") is None:
        instead = "Run make .venv/.postgres."
        raise NoPostgresError("dbt-postgres", "to be installed", "none", instead)


class Postgres:
    """A server. dbt writes into the schemas that it has on DuckDB."""

    settings: ClassVar[dict[str, Any]] = {"raw_schema": "raw_files"}
    runs_data_tests = True

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.environment = server.environment(schema="main")
        self.pipelines = 0

    def load(self, folder: Path) -> None:
        """Make the raw files of a folder tables."""
        with self.server.connect() as connection:
            load_files(connection, folder, "raw_files")

    def tables(self, names: Iterable[str]) -> dict[str, list[Row]]:
        """The rows of public tables."""
        with PostgresTables.opened(self.server) as tables:
            return {name: rows_of(tables, f"select * from main.{name}") for name in names}

    def database(self, home: Path) -> "PostgresDatabase":
        self.pipelines += 1
        return PostgresDatabase(self.server, f"compiled_{self.pipelines}")


class Spark:
    """A cluster. dbt writes into the schemas that it has on DuckDB."""

    settings: ClassVar[dict[str, Any]] = {"raw_schema": "raw_files"}
    # They take minutes; make test-spark runs them by scripts/check_spark.py.
    runs_data_tests = False

    def __init__(self, cluster: SparkCluster) -> None:
        # Small data: what takes time is the planning, and the code that Spark writes for each plan.
        self.environment = cluster.environment(schema="main") | {
            "LEAD_SCORING_THREADS": "2",
            "LEAD_SCORING_SPARK_PARTITIONS": "2",
        }

    def load(self, folder: Path) -> None:
        """Make the raw files of a folder tables."""
        self._run(PROJECT / "scripts" / "load_spark.py", "--raw", folder, "--schema", "raw_files")

    def tables(self, names: Iterable[str]) -> dict[str, list[Row]]:
        """The rows of public tables, as a process of its own reads them: one at a time can."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "rows"
            self._run(Path(__file__).with_name("spark_rows.py"), file, *names)
            return pickle.loads(file.read_bytes())

    def _run(self, script: Path, *arguments: Path | str) -> None:
        tools = {"PYTHONPATH": str(PROJECT / "scripts")}
        done = subprocess.run(
            [sys.executable, str(script), *map(str, arguments)],
            env=os.environ | self.environment | tools,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


class PostgresDatabase:
    """dbt compiles for one database, and the SQL runs in others."""

    settings = Postgres.settings
    has_session_patterns = False

    def __init__(self, server: PostgresServer, name: str) -> None:
        self.server = replace(server, database=name)
        self.environment = self.server.environment(schema="main")
        self.places = 0
        server.execute(f"create database {name}")
        self.server.execute("create schema main", function_of_patterns("main"))

    @contextmanager
    def built(self) -> Iterator["PostgresTables"]:
        with PostgresTables.opened(self.server) as tables:
            yield tables

    def runs(self) -> "PostgresTables":
        self.places += 1
        name = f"{self.server.database}_run_{self.places}"
        self.server.execute(f"create database {name}")
        return PostgresTables(replace(self.server, database=name).open(), self.server.database)


class PostgresTables:
    """Takes the statements that compiled models are built with. Views are tables here."""

    def __init__(self, connection: Any, compiled_for: str | None = None) -> None:
        self.connection, self.compiled_for = connection, compiled_for
        self.created: set[str] = set()

    @classmethod
    @contextmanager
    def opened(cls, server: PostgresServer) -> Iterator["PostgresTables"]:
        with server.connect() as connection:
            yield cls(connection)

    def begin_session(self) -> None:
        """Nothing exists yet, and nothing is left of the session before."""
        self.execute("rollback")
        self.created.clear()
        for schema in SCHEMAS:
            self.execute(f"drop schema if exists {schema} cascade")
        self.execute("create schema main")
        self.execute(function_of_patterns("main"))

    def exists(self, table: str) -> bool:
        return table in self.created

    def append(self, table: str, added: str) -> None:
        described = self.execute(f"select * from {added} limit 0")
        listed = ", ".join(column[0] for column in described.description)
        self.execute(f"insert into {table} ({listed}) select {listed} from {added}")

    def execute(self, sql: str, is_repeated: bool = True) -> Any:
        """Run a statement; what it creates takes the place of what has the same name."""
        if self.compiled_for:
            sql = sql.replace(f'"{self.compiled_for}".', "")
        cursor = self.connection.cursor()
        if created := CREATE_AS.fullmatch(sql):
            temp, table, query = created.groups()
            cursor.execute(f"drop table if exists {table}")
            self.created.add(table)
            sql = f"create {temp or ''}table {table} as {query}"
        elif created := CREATE.fullmatch(sql):
            table, columns = created.groups()
            cursor.execute(f"drop table if exists {table}")
            self.created.add(table)
            sql = f"create table {table} {columns}"
        elif dropped := DROP.fullmatch(sql):
            self.created.discard(dropped[1])
        cursor.execute(sql)
        return cursor


def function_of_patterns(schema: str) -> str:
    """The statement of register_functions, as dbt would run it at the start of a run."""
    macro = (PROJECT / "macros" / "engines" / "register_functions.sql").read_text()
    statement = re.search(r"create or replace function.*\$\$.*\$\$", macro, re.DOTALL)
    assert statement
    return statement[0].replace("{{ adapter.quote(target.schema) }}", schema)
