"""Run the project's models: by dbt as a pipeline does, or their compiled SQL in memory."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from reference import World

PROJECT = Path(__file__).resolve().parents[2]
DBT = Path(sys.executable).with_name("dbt")
Row = dict[str, Any]


def run_dbt(
    *arguments: str, home: Path, raw: Path | None = None, seeds: Path | None = None, **settings: Any
) -> subprocess.CompletedProcess[str]:
    """Run dbt with a database, target and log folder of its own in `home`."""
    environment = os.environ | {
        "LEAD_SCORING_DUCKDB": str(home / "lead_scoring.duckdb"),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "DBT_USE_COLORS": "false",
    }
    if raw:
        environment["LEAD_SCORING_RAW"] = str(raw)
    if seeds:
        environment["LEAD_SCORING_SEEDS"] = str(seeds)
    command = [str(DBT), *arguments]
    if settings:
        command += ["--vars", json.dumps(settings, default=str)]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    """Write a CSV file as a pipeline would: header, quoted where needed, null as nothing."""
    names = list(columns)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["" if row.get(n) is None else row[n] for n in names] for row in rows])


def world_settings(world: World) -> dict[str, Any]:
    """The dbt vars of a world."""
    return {
        "as_of": world.as_of.isoformat(),
        "lead_fields": world.lead_fields,
        "account_fields": world.account_fields,
        "event_fields": world.event_fields,
        "purchase_types": world.purchase_types,
        "customer_types": world.customer_types,
    }


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    cursor = connection.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


@dataclass(frozen=True)
class Model:
    name: str
    schema: str
    materialized: str
    sql: str
    subject: str | None


class RefusedRulesError(Exception):
    """The rule gate found problems."""


class CompiledPipeline:
    """The models as dbt compiles them for one set of vars and raw columns, run in memory.

    A world takes a fraction of a second that way, where a dbt process takes seconds.
    """

    def __init__(self, home: Path, world: World, raw_columns: dict[str, list[str]]) -> None:
        self.raw_columns = raw_columns
        home.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(home / "lead_scoring.duckdb")) as connection:
            connection.execute("create schema raw_files")
            for table, columns in raw_columns.items():
                listed = ", ".join(f'"{column}" varchar' for column in columns)
                connection.execute(f"create table raw_files.{table} ({listed})")
        done = run_dbt("compile", home=home, **world_settings(world))
        assert done.returncode == 0, done.stdout
        manifest = json.loads((home / "target" / "manifest.json").read_text())
        self.seed_columns = {
            node["name"]: [column for column in node["columns"] if column != "line_number"]
            for node in manifest["nodes"].values()
            if node["resource_type"] == "seed"
        }
        self.models = self._in_order(manifest)

    @staticmethod
    def _in_order(manifest: dict[str, Any]) -> list[Model]:
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
                hooks = [hook["sql"] for hook in node["config"]["pre-hook"]]
                subject = hooks[0].split("'")[1] if hooks else None
                ordered.append(
                    Model(
                        node["name"],
                        node["schema"],
                        node["config"]["materialized"],
                        node["compiled_code"],
                        subject,
                    )
                )
                done.add(key)
        return ordered

    def run(self, world: World, tables: Iterable[str]) -> dict[str, list[Row]]:
        """Score a world and return the named public tables."""
        with duckdb.connect() as connection:
            connection.execute("attach ':memory:' as lead_scoring; use lead_scoring")
            connection.execute("set threads = 1; set TimeZone = 'UTC'")
            connection.execute("create schema raw_files; create schema main_rules")
            connection.execute("create schema main_staging; create schema main_intermediate")
            connection.execute(
                "create table raw_files.rejected_rows"
                " (table_name varchar, line bigint, error varchar)"
            )
            for table, columns in self.raw_columns.items():
                self._load(connection, f"raw_files.{table}", columns, world.raw.get(table, []))
            for seed, columns in self.seed_columns.items():
                rows = world.seeds.get(seed, [])
                self._load(connection, f"main_rules.{seed}", columns, rows, is_seed=True)
            for model in self.models:
                self._build(connection, model)
            return {table: rows_of(connection, f"select * from main.{table}") for table in tables}

    @staticmethod
    def _load(
        connection: duckdb.DuckDBPyConnection,
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
        connection.execute(f"create table {name} ({listed})")
        if rows:
            marks = ", ".join(f"({', '.join('?' for _ in columns)})" for _ in rows)
            cells = [row.get(column) or None for row in rows for column in columns]
            connection.execute(f"insert into {name} values {marks}", cells)

    @staticmethod
    def _build(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
        if model.subject:
            connection.execute(
                "set variable lead_scoring_patterns = (select list(distinct text_operand)"
                " from main_intermediate.int_condition_clauses"
                f" where operator = 'matches' and subject = '{model.subject}')"
            )
        kind = "view" if model.materialized == "view" else "table"
        connection.execute(f"create {kind} {model.schema}.{model.name} as {model.sql}")
        if model.name == "int_rule_problems":
            problems = connection.execute(f"select message from {model.schema}.{model.name}")
            messages = [row[0] for row in problems.fetchall()]
            if messages:
                raise RefusedRulesError("\n".join(messages))
