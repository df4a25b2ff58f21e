"""The demo, built by dbt as a pipeline would: every engine gives the tables that DuckDB gives."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import generate_demo
import pytest
from engine_differences import PUBLIC, engine_differences
from engines import BUILT_ENGINES, Postgres, Spark, running_engine
from pipeline import Row, rows_of, run_dbt

pytestmark = pytest.mark.long
DAYS = ("2026-01-24", "2026-01-31")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    assert generate_demo.main(["--leads", "600", "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def expected(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """What two runs, a week apart, leave on DuckDB."""
    home = tmp_path_factory.mktemp("duckdb")
    for day in DAYS:
        build(day, home=home, raw=demo)
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        tables = {table: rows_of(connection, f"select * from main.{table}") for table in PUBLIC}
    # Otherwise empty tables would be compared with empty tables.
    assert [table for table in PUBLIC if not tables[table]] == []
    return tables


@pytest.fixture(scope="module", params=BUILT_ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Postgres | Spark]:
    with running_engine(request.param) as running:
        yield running


def build(day: str, **where: Any) -> None:
    done = run_dbt("build", "--exclude-resource-type", "unit_test", "test", as_of=day, **where)
    assert done.returncode == 0, done.stdout


def test_two_runs_leave_the_same_tables(
    engine: Postgres | Spark, demo: Path, expected: Mapping[str, list[Row]], tmp_path: Path
) -> None:
    engine.load(demo)
    for day in DAYS:
        build(day, home=tmp_path, environment=engine.environment, **engine.settings)
    assert engine_differences(engine.tables(PUBLIC), expected) == []
