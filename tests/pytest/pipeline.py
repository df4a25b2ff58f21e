"""Run the project's models: by dbt as a pipeline does, or their compiled SQL in memory."""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from planned_once import PlannedOnce, literal
from reference import Backfill, World

PROJECT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).with_name("dbt")
SHARED = tempfile.TemporaryDirectory(prefix="lead_scoring_")
Row = dict[str, Any]


def run_dbt(
    *arguments: str, home: Path, raw: Path | None = None, seeds: Path | None = None, **settings: Any
) -> subprocess.CompletedProcess[str]:
    """Run dbt with a database and log folder of its own in `home`."""
    variables = json.dumps(settings, default=str)
    environment = dbt_environment(home, raw, seeds, parsed_with=variables)
    command = [str(DBT), *arguments, *(["--vars", variables] if settings else [])]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )


def run_script(
    name: str, *arguments: str, home: Path, raw: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one of the project's scripts with a database and log folder of its own in `home`."""
    return subprocess.run(
        [sys.executable, str(PROJECT / "scripts" / name), *arguments],
        env=dbt_environment(home, raw, parsed_with=" ".join(arguments)) | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def dbt_environment(
    home: Path, raw: Path | None = None, seeds: Path | None = None, parsed_with: str = ""
) -> dict[str, str]:
    """Settings for runs of dbt that write into `home`.

    dbt spends half of a small run on parsing, unless its target folder holds what it parsed with
    the same vars, rule files and path of the database. So runs with the same vars and rule files
    share a target folder, and all reach their home by the same link.
    """
    key = hashlib.md5(f"{parsed_with} {seeds}".encode()).hexdigest()
    shared, target = Path(SHARED.name), home / "target"
    (shared / key).mkdir(exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    home.mkdir(parents=True, exist_ok=True)
    for link, place in ((target, shared / key), (shared / "home", home.resolve())):
        link.unlink(missing_ok=True)
        link.symlink_to(place)
    environment = os.environ | {
        "LEAD_SCORING_DUCKDB": str(shared / "home" / "lead_scoring.duckdb"),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(home / "logs"),
        "DBT_USE_COLORS": "false",
    }
    if raw:
        environment["LEAD_SCORING_RAW"] = str(raw)
    if seeds:
        environment["LEAD_SCORING_SEEDS"] = str(seeds)
    return environment


def read_rules(folder: Path) -> dict[str, list[Row]]:
    """The rule files of a folder; blank cells are null."""
    rules = {}
    for path in folder.rglob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            rules[path.stem] = [
                {name: cell or None for name, cell in row.items()} for row in csv.DictReader(file)
            ]
    return rules


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    """Write a CSV file as a pipeline would: header, quoted where needed, null as nothing."""
    names = list(columns)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["" if row.get(n) is None else row[n] for n in names] for row in rows])


def world_settings(world: World) -> dict[str, Any]:
    """The dbt vars of a world."""
    names = (
        "sales_stages",
        "trend_points",
        "forecast_days",
        "history_fill_days",
        "recycled_days",
        "cooling_days",
    )
    return {name: getattr(world, name) for name in names} | {
        "as_of": world.as_of.isoformat(),
        "lead_fields": world.lead_fields,
        "account_fields": world.account_fields,
        "event_fields": world.event_fields,
        "purchase_types": world.purchase_types,
        "customer_types": world.customer_types,
    }


def rows_of(connection: duckdb.DuckDBPyConnection | PlannedOnce, query: str) -> list[Row]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


@dataclass(frozen=True)
class Model:
    name: str
    schema: str
    materialized: str
    strategy: str | None
    unique_key: str | None
    sql: str
    subject: str | None


class RefusedRulesError(Exception):
    """The rule gate found problems."""


# Stand for the dates in compiled SQL, where the dates of a run take their place.
AS_OF_MARK = date(2111, 11, 11)
BACKFILL_MARK = date(2111, 1, 1)


@dataclass(frozen=True)
class Compilation:
    """All models in the order in which they are built, and the columns of the rule files."""

    models: list[Model]
    seed_columns: dict[str, list[str]]


def compile_models(home: Path, settings: dict[str, Any]) -> Compilation:
    """What dbt compiles on the database in `home`."""
    done = run_dbt("compile", "--select", "resource_type:model", home=home, **settings)
    assert done.returncode == 0, done.stdout
    manifest = json.loads((home / "target" / "manifest.json").read_text())
    seed_columns = {
        node["name"]: [column for column in node["columns"] if column != "line_number"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed"
    }
    return Compilation(models_in_order(manifest), seed_columns)


def models_in_order(manifest: dict[str, Any]) -> list[Model]:
    nodes = {
        key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }
    ordered: list[Model] = []
    done: set[str] = set()
    while len(done) < len(nodes):
        for key, node in nodes.items():
            parents = {p for p in node["depends_on"]["nodes"] if p in nodes}
            if key in done or not parents <= done:
                continue
            ordered.append(model_of(node))
            done.add(key)
    return ordered


def model_of(node: dict[str, Any]) -> Model:
    config = node["config"]
    hooks = [hook["sql"] for hook in config["pre-hook"] if "remember_patterns" in hook["sql"]]
    return Model(
        name=node["name"],
        schema=node["schema"],
        materialized=config["materialized"],
        strategy=config["incremental_strategy"],
        unique_key=config["unique_key"],
        sql=node["compiled_code"],
        subject=hooks[0].split("'")[1] if hooks else None,
    )


class CompiledPipeline:
    """The models as dbt compiles them for one set of vars and raw columns, run in memory.

    A run takes a fraction of a second that way, where a dbt process takes seconds. Runs that
    follow others on the same tables need the SQL that dbt compiles once these exist.
    """

    def __init__(self, home: Path, world: World, raw_columns: dict[str, list[str]]) -> None:
        self.home, self.raw_columns = home, raw_columns
        self.settings = world_settings(world) | {"as_of": AS_OF_MARK.isoformat()}
        self.later: dict[bool, Compilation] = {}
        self.database = PlannedOnce()
        home.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(home / "lead_scoring.duckdb")) as connection:
            connection.execute("create schema raw_files")
            for table, columns in raw_columns.items():
                listed = ", ".join(f'"{column}" varchar' for column in columns)
                connection.execute(f"create table raw_files.{table} ({listed})")
        self.first = compile_models(home, self.settings)

    def _compilation(self, is_first: bool, is_backfill: bool) -> Compilation:
        if is_first and not is_backfill:
            return self.first
        if is_backfill not in self.later:
            with duckdb.connect(str(self.home / "lead_scoring.duckdb")) as connection:
                for model in self.first.models:
                    if model.materialized == "incremental":
                        connection.execute(f"create schema if not exists {model.schema}")
                        connection.execute(
                            f"create table if not exists {model.schema}.{model.name} (x integer)"
                        )
            extra = {"backfill_from": BACKFILL_MARK.isoformat()} if is_backfill else {}
            self.later[is_backfill] = compile_models(self.home, self.settings | extra)
        return self.later[is_backfill]

    def run(self, world: World, tables: Iterable[str]) -> dict[str, list[Row]]:
        """Score a world and return the named public tables."""
        return self.run_all([world], tables)

    def run_all(
        self, steps: Sequence[World | Backfill], tables: Iterable[str]
    ) -> dict[str, list[Row]]:
        """Run the pipeline once for each step, on the tables that the steps before left."""
        with self.database as connection:
            for schema in ("raw_files", "main_rules", "main_staging", "main_intermediate"):
                connection.execute(f"create schema if not exists {schema}")
            for number, step in enumerate(steps):
                self._run_step(connection, step, is_first=number == 0)
            return {table: rows_of(connection, f"from main.{table}") for table in tables}

    def _run_step(self, connection: PlannedOnce, step: World | Backfill, is_first: bool) -> None:
        is_backfill = isinstance(step, Backfill)
        world = step.world if isinstance(step, Backfill) else step
        if isinstance(step, Backfill) and is_first:
            # The SQL of a backfill is compiled for tables that exist, as a run leaves them.
            no_world = replace(world, raw={}, seeds={})
            self._run_step(connection, replace(no_world, as_of=step.last), is_first=True)
            connection.execute("delete from main_intermediate.int_dates_recorded")
        compilation = self._compilation(is_first and not is_backfill, is_backfill)
        as_of = world.as_of
        if isinstance(step, Backfill):
            recorded = connection.execute(
                "select max(score_date) from main_intermediate.int_dates_recorded"
            ).fetchone()
            as_of = max(day for day in (step.last, recorded and recorded[0]) if day)
        connection.execute(
            "create or replace table raw_files.rejected_rows"
            " (table_name varchar, line bigint, error varchar)"
        )
        for table, columns in self.raw_columns.items():
            self._load(connection, f"raw_files.{table}", columns, world.raw.get(table, []))
        for seed, columns in compilation.seed_columns.items():
            rows = world.seeds.get(seed, [])
            self._load(connection, f"main_rules.{seed}", columns, rows, is_seed=True)
        for model in compilation.models:
            sql = model.sql.replace(AS_OF_MARK.isoformat(), as_of.isoformat())
            if isinstance(step, Backfill):
                sql = sql.replace(BACKFILL_MARK.isoformat(), step.first.isoformat())
            self._build(connection, replace(model, sql=sql))

    @staticmethod
    def _load(
        connection: PlannedOnce,
        name: str,
        columns: list[str],
        rows: list[Row],
        is_seed: bool = False,
    ) -> None:
        """Load rows of text; those of a seed with the lines they would have in a file."""
        listed = ", ".join(f'"{column}" varchar' for column in columns)
        if is_seed:
            listed += ", line_number integer"
            columns = [*columns, "line_number"]
            rows = [row | {"line_number": index + 2} for index, row in enumerate(rows)]
        connection.execute(f"create or replace table {name} ({listed})")
        if rows:
            cells = [", ".join(literal(row.get(column)) for column in columns) for row in rows]
            connection.execute(f"insert into {name} values ({'), ('.join(cells)})")

    @staticmethod
    def _build(connection: PlannedOnce, model: Model) -> None:
        if model.subject:
            connection.execute(
                "set variable lead_scoring_patterns = (select list(distinct text_operand)"
                " from main_intermediate.int_condition_clauses"
                f" where operator = 'matches' and subject = '{model.subject}')"
            )
        name = f"{model.schema}.{model.name}"
        if model.materialized == "incremental":
            add_rows(connection, model, name)
        else:
            kind = "view" if model.materialized == "view" else "table"
            # What looks at patterns is planned with those of its own run.
            connection.execute(
                f"create or replace {kind} {name} as {model.sql}", is_repeated=not model.subject
            )
        if model.name == "int_rule_problems":
            problems = connection.execute(f"select message from {model.schema}.{model.name}")
            messages = [row[0] for row in problems.fetchall()]
            if messages:
                raise RefusedRulesError("\n".join(messages))


def add_rows(connection: PlannedOnce, model: Model, name: str) -> None:
    """What dbt does for an incremental model, with the hooks of those that keep a history."""
    if not connection.exists(name):
        connection.execute(f"create table {name} as {model.sql}")
        return
    if model.strategy == "append":
        columns = {
            row[0]
            for row in connection.execute(f"select column_name from (describe {name})").fetchall()
        }
        day = next(c for c in ("score_date", "transition_date", "as_of_date") if c in columns)
        connection.execute(
            f"delete from {name} where {day} >= (select min(as_of_date)"
            " from main_intermediate.int_dates_scored where is_recorded)"
        )
        if "lead_id" in columns:
            connection.execute(
                f"delete from {name} where lead_id not in"
                " (select lead_id from main_intermediate.int_profiles_joined)"
            )
    added = f"added_to_{model.name}"
    connection.execute(f"create temp table {added} as {model.sql}")
    if model.unique_key:
        connection.execute(
            f"delete from {name} where {model.unique_key} in"
            f" (select {model.unique_key} from {added})"
        )
    connection.execute(f"insert into {name} by name select * from {added}")
    connection.execute(f"drop table {added}")
    if model.name == "published_scores":
        connection.execute(
            f"delete from {name} where change_type = 'removed'"
            f" and change_number < (select max(change_number) from {name})"
        )
