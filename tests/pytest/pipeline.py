"""Run the project's models: by dbt as a pipeline does, or their compiled SQL in memory."""

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import duckdb
from planned_once import PlannedOnce, literal
from reference import Backfill, World

PROJECT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).with_name("dbt")
SHARED = tempfile.TemporaryDirectory(prefix="lead_scoring_")
Row = dict[str, Any]


def run_dbt(*arguments: str, home: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run dbt with a database and log folder of its own in `home`; options as in start_dbt."""
    process = start_dbt(*arguments, home=home, **options)
    stdout, stderr = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def start_dbt(
    *arguments: str,
    home: Path,
    raw: Path | None = None,
    seeds: Path | None = None,
    environment: Mapping[str, str] | None = None,
    **settings: Any,
) -> subprocess.Popen[str]:
    """Start such a run of dbt without waiting for it; the environment may name another database."""
    variables = json.dumps(settings, default=str)
    surroundings = dbt_environment(home, raw, seeds, parsed_with=variables)
    return subprocess.Popen(
        [str(DBT), *arguments, *(["--vars", variables] if settings else [])],
        cwd=PROJECT,
        env=surroundings | dict(environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
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
    """Settings for runs of dbt that write into `home`, one run at a time.

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
        "LEAD_SCORING_TARGET": "duckdb",
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


class Tables(Protocol):
    """Where compiled SQL runs: in sessions, in which only what they have created exists."""

    def begin_session(self) -> None: ...

    def exists(self, table: str) -> bool: ...

    def execute(self, sql: str, is_repeated: bool = True) -> Any: ...

    def append(self, table: str, added: str) -> None:
        """Add the rows of a table with the same columns, in any order."""


class Database(Protocol):
    """What dbt compiles the models of one pipeline for."""

    settings: dict[str, Any]
    environment: dict[str, str]
    has_session_patterns: bool

    def built(self) -> AbstractContextManager[Tables]:
        """The tables that dbt looks at while it compiles."""

    def runs(self) -> Tables:
        """A place of its own in which compiled SQL runs."""


class Engine(Protocol):
    def database(self, home: Path) -> Database:
        """A new, empty database for a pipeline."""


class DuckDB:
    """dbt compiles for a database file in the home, and the SQL runs in memory."""

    has_session_patterns = True

    def __init__(self, home: Path) -> None:
        self.file = home / "lead_scoring.duckdb"
        self.settings: dict[str, Any] = {}
        self.environment: dict[str, str] = {}

    @contextmanager
    def built(self) -> Iterator[Tables]:
        with duckdb.connect(str(self.file)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            yield PlannedOnce(connection)

    def runs(self) -> Tables:
        return PlannedOnce()


def rows_of(connection: duckdb.DuckDBPyConnection | Tables, query: str) -> list[Row]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


@dataclass(frozen=True)
class Model:
    """A model as dbt builds it; hooks are those of a run after others."""

    name: str
    schema: str
    materialized: str
    unique_key: str | None
    sql: str
    subject: str | None
    parents: frozenset[str] = frozenset()
    # Whether a full refresh makes it anew, unlike the history; and whether this is one.
    is_refreshed: bool = True
    is_made_anew: bool = False
    # Whether it takes back what a run is about to record anew.
    reopens_dates: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class RefusedRulesError(Exception):
    """The rule gate found problems."""


# Stand for the dates in compiled SQL, where the dates of a run take their place.
AS_OF_MARK = date(2111, 11, 11)
BACKFILL_MARK = date(2111, 1, 1)


NO_WORLD = World(as_of=AS_OF_MARK, raw={}, seeds={})


@dataclass(frozen=True)
class Compilation:
    """All models in the order in which they are built, and the columns of the rule files."""

    models: list[Model]
    seed_columns: dict[str, list[str]]


def compile_models(
    home: Path, settings: dict[str, Any], database: Database | None = None, *options: str
) -> Compilation:
    """What dbt compiles for the tables that are in the database, or in the one in `home`."""
    done = run_dbt(
        "compile",
        "--select",
        "resource_type:model",
        *options,
        home=home,
        raw=home / "raw",
        environment=database.environment if database else None,
        **settings,
    )
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
        unique_key=config["unique_key"],
        sql=node["compiled_code"],
        subject=hooks[0].split("'")[1] if hooks else None,
        parents=frozenset(key.split(".")[-1] for key in node["depends_on"]["nodes"]),
        is_refreshed=config["full_refresh"] is not False,
        reopens_dates=any("reopen_dates" in hook["sql"] for hook in config["post-hook"]),
    )


def executed_hooks(log: Path, models: Iterable[Model]) -> dict[str, tuple[list[str], list[str]]]:
    """What a run executed for models before and after it added their rows."""
    statements = defaultdict(list)
    for line in log.read_text(encoding="utf-8").splitlines():
        if '"SQLQuery"' in line:
            data = json.loads(line)["data"]
            name = (data.get("node_info") or {}).get("node_name")
            statements[name].append(re.sub(r"^/\*.*?\*/", "", data["sql"], flags=re.DOTALL).strip())
    hooks = {}
    for model in models:
        own = statements[model.name]
        if model.materialized == "incremental":
            adding = [i for i, sql in enumerate(own) if "__dbt_tmp" in sql]
            hooks[model.name] = changing(own[: adding[0]]), changing(own[adding[-1] + 1 :])
        elif model.reopens_dates:
            hooks[model.name] = [], [sql for sql in own if sql.startswith("delete")]
            assert hooks[model.name][1]
    return hooks


def changing(statements: list[str]) -> list[str]:
    return [sql for sql in statements if not re.match("select|begin|commit", sql, re.IGNORECASE)]


class CompiledPipeline:
    """The models as dbt compiles them for one set of vars and raw columns, run in memory.

    A run takes a fraction of a second that way, where a dbt process takes seconds. Runs that
    follow others on the same tables need what dbt compiles, and executes as hooks, once these
    exist.
    """

    def __init__(
        self,
        home: Path,
        world: World,
        raw_columns: dict[str, list[str]],
        engine: Engine | None = None,
    ) -> None:
        self.home, self.raw_columns = home, raw_columns
        (home / "raw").mkdir(parents=True, exist_ok=True)
        self.database = engine.database(home) if engine else DuckDB(home)
        self.settings = world_settings(world) | self.database.settings
        self.settings |= {"as_of": AS_OF_MARK.isoformat()}
        self.hooks: dict[str, tuple[list[str], list[str]]] = {}
        self.later: dict[tuple[bool, bool], Compilation] = {}
        self.idle: list[Tables] = []
        with self.database.built() as tables:
            tables.execute("create schema raw_files")
            for table, columns in raw_columns.items():
                write_csv(home / "raw" / f"{table}.csv", columns, [])
                listed = ", ".join(f'"{column}" varchar' for column in columns)
                tables.execute(f"create table raw_files.{table} ({listed})")
        self.first = compile_models(home, self.settings, self.database)

    def compilation(
        self, is_first: bool, is_backfill: bool, is_full_refresh: bool = False
    ) -> Compilation:
        if is_first and not is_backfill:
            return self.first
        kind = is_backfill, is_full_refresh
        if kind not in self.later:
            extra = {"backfill_from": BACKFILL_MARK.isoformat()} if is_backfill else {}
            options = ["--full-refresh"] if is_full_refresh else []
            compiled = compile_models(self.home, self.settings | extra, self.database, *options)
            models = [self._with_hooks(model) for model in compiled.models]
            if is_full_refresh:
                models = [replace(model, is_made_anew=model.is_refreshed) for model in models]
            self.later[kind] = replace(compiled, models=models)
        return self.later[kind]

    def _with_hooks(self, model: Model) -> Model:
        before, after = self.hooks.get(model.name, ((), ()))
        return replace(model, before=tuple(before), after=tuple(after))

    def _run_once_more(self) -> dict[str, tuple[list[str], list[str]]]:
        """The hooks of a run by dbt on the tables that a first run leaves."""
        with self.database.built() as tables:
            self.build(tables, self.first, replace(NO_WORLD, as_of=AS_OF_MARK))
            resolved = next(m for m in self.first.models if m.name == "int_events_resolved")
            (key,) = set(re.findall(r"'([0-9a-f]{32})' as contract_key", resolved.sql))
            # Without any event all is read anew.
            tables.execute(
                f"insert into {resolved.schema}.{resolved.name} (event_key, contract_key)"
                f" values ('an event', '{key}')"
            )
        (self.home / "logs" / "dbt.log").unlink(missing_ok=True)
        done = run_dbt(
            "--log-level-file",
            "debug",
            "--log-format-file",
            "json",
            "run",
            home=self.home,
            raw=self.home / "raw",
            environment=self.database.environment,
            **self.settings,
        )
        assert done.returncode == 0, done.stdout
        return executed_hooks(self.home / "logs" / "dbt.log", self.first.models)

    def run(self, world: World, tables: Iterable[str]) -> dict[str, list[Row]]:
        """Score a world and return the named public tables."""
        return self.run_all([world], tables)

    def run_all(
        self, steps: Sequence[World | Backfill], tables: Iterable[str]
    ) -> dict[str, list[Row]]:
        """Run the pipeline once for each step, on the tables that the steps before left."""
        if len(steps) > 1 or isinstance(steps[0], Backfill):
            self.prepare_for_later_runs()
        with Warehouse(self) as warehouse:
            for step in steps:
                warehouse.run(step)
            return {table: warehouse.rows(table) for table in tables}

    def prepare_for_later_runs(self) -> None:
        """Learn what dbt executes as hooks of models that keep their rows."""
        if not self.hooks:
            self.hooks = self._run_once_more()
            models = [
                # A first run finds no dates to open again.
                model if model.reopens_dates else self._with_hooks(model)
                for model in self.first.models
            ]
            self.first = replace(self.first, models=models)

    def build(
        self,
        connection: Tables,
        compilation: Compilation,
        world: World,
        marks: dict[date, date] | None = None,
        models: Container[str] | None = None,
    ) -> None:
        """Load the world and build the models, or those that are named."""
        for schema in ("raw_files", "main_rules", "main_staging", "main_intermediate"):
            connection.execute(f"create schema if not exists {schema}")
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
            if models is None or model.name in models:
                self._build(connection, with_dates(model, marks or {}))

    @staticmethod
    def _load(
        connection: Tables,
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

    def _build(self, connection: Tables, model: Model) -> None:
        if model.subject and self.database.has_session_patterns:
            connection.execute(patterns_statement(model.subject))
        name = f"{model.schema}.{model.name}"
        if model.materialized == "incremental":
            add_rows(connection, model, name)
        else:
            kind = "view" if model.materialized == "view" else "table"
            # What looks at patterns is planned with those of its own run.
            connection.execute(
                f"create or replace {kind} {name} as {model.sql}", is_repeated=not model.subject
            )
            for hook in model.after:
                connection.execute(hook)
        if model.name == "int_rule_problems":
            problems = connection.execute(f"select message from {model.schema}.{model.name}")
            messages = [row[0] for row in problems.fetchall()]
            if messages:
                raise RefusedRulesError("\n".join(messages))


def patterns_statement(subject: str) -> str:
    """What remember_patterns executes before a model on this subject of conditions."""
    return (
        "set variable lead_scoring_patterns = (select list(distinct text_operand)"
        " from main_intermediate.int_condition_clauses"
        f" where operator = 'matches' and subject = '{subject}')"
    )


class Warehouse:
    """A database that runs of a pipeline fill, one after another."""

    def __init__(self, pipeline: CompiledPipeline) -> None:
        self.pipeline, self.is_new = pipeline, True
        self.connection = pipeline.idle.pop() if pipeline.idle else pipeline.database.runs()
        self.connection.begin_session()

    def __enter__(self) -> "Warehouse":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the database to the next one."""
        self.pipeline.idle.append(self.connection)

    def run(
        self,
        step: World | Backfill,
        models: Container[str] | None = None,
        is_full_refresh: bool = False,
    ) -> None:
        """Run the pipeline once, or as much of it as a run that died had built."""
        is_backfill = isinstance(step, Backfill)
        world = step.world if isinstance(step, Backfill) else step
        if isinstance(step, Backfill) and self.is_new:
            # The SQL of a backfill is compiled for tables that exist, as a run leaves them.
            self.run(replace(world, raw={}, seeds={}, as_of=step.last))
            self.connection.execute("delete from main_intermediate.int_dates_recorded")
        compilation = self.pipeline.compilation(self.is_new, is_backfill, is_full_refresh)
        marks = {AS_OF_MARK: world.as_of}
        if isinstance(step, Backfill):
            recorded = self.connection.execute(
                "select max(score_date) from main_intermediate.int_dates_recorded"
            ).fetchone()
            last = max(day for day in (step.last, recorded and recorded[0]) if day)
            marks = {AS_OF_MARK: last, BACKFILL_MARK: step.first}
        self.is_new = False
        self.pipeline.build(self.connection, compilation, world, marks, models)

    def rows(self, table: str, schema: str = "main") -> list[Row]:
        return rows_of(self.connection, f"select * from {schema}.{table}")


def with_dates(model: Model, dates: dict[date, date]) -> Model:
    """The model with dates in place of the marks that stand for them in compiled SQL."""

    def dated(sql: str) -> str:
        for mark, day in dates.items():
            sql = sql.replace(mark.isoformat(), day.isoformat())
        return sql

    return replace(
        model,
        sql=dated(model.sql),
        before=tuple(map(dated, model.before)),
        after=tuple(map(dated, model.after)),
    )


def add_rows(connection: Tables, model: Model, name: str) -> None:
    """What dbt does for an incremental model, in one transaction."""
    is_repeated = not model.subject
    connection.execute("begin")
    if model.is_made_anew and connection.exists(name):
        connection.execute(f"drop table {name}")
    if not connection.exists(name):
        connection.execute(f"create table {name} as {model.sql}", is_repeated)
    else:
        for hook in model.before:
            connection.execute(hook)
        added = f"added_to_{model.name}"
        connection.execute(f"create temp table {added} as {model.sql}", is_repeated)
        if model.unique_key:
            connection.execute(
                f"delete from {name} where {model.unique_key} in"
                f" (select {model.unique_key} from {added})"
            )
        connection.append(name, added)
        connection.execute(f"drop table {added}")
    for hook in model.after:
        connection.execute(hook)
    connection.execute("commit")
