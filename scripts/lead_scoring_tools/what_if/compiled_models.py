"""The models as dbt compiles them, kept so that the next what-if needs no dbt."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from ..dbt_runs import PROJECT, run_dbt
from ..run_settings import refuse_failed
from .productions import Production

# The name that stands for the database in compiled SQL, where that of a rule set takes its place.
DATABASE = "what_if_models"
MOST_DAYS = 366
# Stand for the date of the scores and the first replayed one, which are put in when the SQL is run.
AS_OF_MARK = date(2111, 11, 11)
FIRST_MARK = AS_OF_MARK - timedelta(days=MOST_DAYS - 1)
# Stops a run whose rules are broken; here they have been checked before.
GATE = "int_rule_problems"
# When leads would cool, which nobody asks, and what earlier runs keep, which a replay makes anew.
LEFT_OUT_MODELS = ("int_leads_cooling", "int_score_inputs_digested")
# Models that add to what they hold, and whose rows from before the replay are those of production.
KEPT_MODELS = ("int_score_history_recorded", "int_stage_transitions_recorded")
WANTED_MODELS = (
    "lead_scores",
    "lead_score_contributions",
    "scoring_rule_coverage",
    "int_stage_transitions_recorded",
)
SOURCES = ("models", "macros", "dbt_project.yml", "profiles.yml")
MOST_KEPT = 20


@dataclass(frozen=True)
class Model:
    """A model or a rule file as the manifest of dbt has it."""

    name: str
    schema: str
    parents: list[str]
    """Names of the models and rule files that it reads."""
    sql: str
    columns: list[str]
    """Of a rule file, those that it must have."""
    is_rule_file: bool = False
    is_view: bool = False
    patterns_of: str | None = None
    """The subject whose patterns DuckDB needs to know before it runs the SQL."""

    @property
    def relation(self) -> str:
        """The name of its table, without the database."""
        return f'"{self.schema}"."{self.name}"'


@dataclass(frozen=True)
class CompiledModels:
    """Models in the order in which they are built."""

    models: list[Model]
    fingerprint: str

    @staticmethod
    def sql_of(model: Model, database: str, first: date, as_of: date) -> str:
        """The SQL of a model for a database, the first day of a replay, and the date of scores."""
        sql = model.sql.replace(f'"{DATABASE}"', f'"{database}"')
        sql = sql.replace(FIRST_MARK.isoformat(), first.isoformat())
        return sql.replace(AS_OF_MARK.isoformat(), as_of.isoformat())


def compile_models(settings: Mapping[str, Any], production: Production) -> CompiledModels:
    """The models for these vars; dbt compiles them only if that was not done before."""
    settings = {
        **settings,
        "as_of": AS_OF_MARK.isoformat(),
        "backfill_from": FIRST_MARK.isoformat(),
        "backfill_to": AS_OF_MARK.isoformat(),
        "forecast_days": 0,
    }
    tables = _tables_to_imitate(production)
    folder, fingerprint = kept_files(), _fingerprint(settings, tables)
    file = folder / f"models_{fingerprint}.json"
    if file.is_file():
        kept = json.loads(file.read_text(encoding="utf-8"))
        os.utime(file)
        return CompiledModels([Model(**model) for model in kept], fingerprint)
    models = _compile(settings, tables)
    file.write_text(json.dumps([asdict(model) for model in models]), encoding="utf-8")
    _forget_oldest(folder)
    return CompiledModels(models, fingerprint)


def kept_files() -> Path:
    """The folder of what a what-if leaves for the next one."""
    folder = Path(os.environ.get("DBT_TARGET_PATH", "target")) / "what_if"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tables_to_imitate(production: Production) -> dict[str, str]:
    """The raw tables and kept models, which decide what dbt compiles, with their columns."""
    with duckdb.connect(str(production.file), read_only=True) as connection:
        rows = connection.execute(
            """
            select
                '"' || table_schema || '"."' || table_name || '"',
                string_agg('"' || column_name || '" ' || data_type, ', ' order by ordinal_position)
            from information_schema.columns
            where
                table_catalog = current_database()
                and (table_schema = $raw_schema or table_name in (select unnest($kept)))
            group by all
            order by 1
            """,
            {"raw_schema": production.raw_schema, "kept": list(KEPT_MODELS)},
        ).fetchall()
    return dict(rows)


def _fingerprint(settings: Mapping[str, Any], tables: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    given = [dict(settings), dict(tables), version("dbt-core"), version("dbt-duckdb")]
    digest.update(json.dumps(given, sort_keys=True, default=str).encode())
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    for source in SOURCES:
        path = PROJECT / source
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.suffix in (".sql", ".yml"):
                digest.update(str(file.relative_to(PROJECT)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _compile(settings: Mapping[str, Any], tables: Mapping[str, str]) -> list[Model]:
    with tempfile.TemporaryDirectory(prefix="what_if_") as name:
        home = Path(name)
        with duckdb.connect(str(home / f"{DATABASE}.duckdb")) as connection:
            for table, columns in tables.items():
                connection.execute(f"create schema if not exists {table.split('.')[0]}")
                connection.execute(f"create table {table} ({columns})")
        run = run_dbt(
            ["compile", "--select", *[f"+{model}" for model in WANTED_MODELS]],
            settings,
            environment={
                "LEAD_SCORING_DUCKDB": str(home / f"{DATABASE}.duckdb"),
                "LEAD_SCORING_SEEDS": str(PROJECT / "seeds"),
                "LEAD_SCORING_TARGET": "duckdb",
                "DBT_TARGET_PATH": str(home / "target"),
                "DBT_LOG_PATH": str(home / "logs"),
            },
        )
        refuse_failed(run)
        manifest = json.loads((home / "target" / "manifest.json").read_text(encoding="utf-8"))
    return _in_order(manifest)


def _in_order(manifest: Mapping[str, Any]) -> list[Model]:
    """What the wanted models need, parents first."""
    nodes = manifest["nodes"]
    project = manifest["metadata"]["project_name"]
    ordered: dict[str, Model] = {}

    def visit(key: str) -> None:
        node = nodes[key]
        if node["name"] in ordered:
            return
        parents = [
            parent
            for parent in node["depends_on"].get("nodes", [])
            if parent in nodes and nodes[parent]["name"] != GATE
        ]
        if node["name"] in LEFT_OUT_MODELS:
            parents = []
        for parent in parents:
            visit(parent)
        ordered[node["name"]] = _model(node, [nodes[parent]["name"] for parent in parents])

    for name in WANTED_MODELS:
        visit(f"model.{project}.{name}")
    return list(ordered.values())


def _model(node: Mapping[str, Any], parents: list[str]) -> Model:
    is_rule_file = node["resource_type"] == "seed"
    hooks = [hook["sql"] for hook in node["config"]["pre-hook"]]
    subjects = [hook.split("'")[1] for hook in hooks if "remember_patterns" in hook]
    return Model(
        name=node["name"],
        schema=node["schema"],
        parents=parents,
        sql="" if is_rule_file else node["compiled_code"],
        columns=[column for column in node["columns"] if column != "line_number"],
        is_rule_file=is_rule_file,
        is_view=node["config"]["materialized"] == "view",
        patterns_of=subjects[0] if subjects else None,
    )


def _forget_oldest(folder: Path) -> None:
    kept = sorted(folder.glob("models_*.json"), key=lambda file: file.stat().st_mtime)
    for file in kept[:-MOST_KEPT]:
        file.unlink()
