"""Compile every model as the adapter of an engine does, on a database that is made up.

To be imported by the package's own process only: parts of dbt are replaced here, and dbt keeps one
adapter."""

import importlib
import json
import tempfile
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import agate
import dbt.compilation
import sqlglot
import yaml
from dbt.adapters.contracts.connection import AdapterResponse, ConnectionState
from dbt.cli.main import dbtRunner
from dbt.context.providers import generate_runtime_model_context
from sqlglot import expressions

from .engines import ENGINES, Engine

# What a run may find: nothing, raw tables alone that hold all as text, and, in a later run, raw
# tables with types beside the tables of the run before.
FORMS = ("on an empty database", "first run", "later run")
RAW_SCHEMA = "raw"
PROFILE = "of_no_server"
VARS = {"as_of": "2026-01-31", "raw_schema": RAW_SCHEMA}


class Database:
    """What adapters are told of the database, and what they would have sent to it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.form = FORMS[0]
        self.tables: dict[str, dict[str, str]] = {}
        self.queries: list[str] = []

    def replace(self, adapter: Any) -> None:
        """Let the adapter ask here instead of there."""
        adapter.execute = lambda _, sql, *given, **named: self._execute(sql)
        adapter.get_relation = lambda asking, database, schema, identifier: self._relation(
            asking, database, schema, identifier
        )
        adapter.get_columns_in_relation = lambda asking, relation: self._columns(asking, relation)
        adapter.list_schemas = lambda *given: []
        adapter.ConnectionManager.open = classmethod(lambda _, connection: _opened(connection))

    def _execute(self, sql: str) -> tuple[AdapterResponse, agate.Table]:
        """No rows, or one with zeros for a query that counts."""
        self.queries.append(sql)
        tree = sqlglot.parse_one(sql, read=self.engine.name)
        columns = tree.selects if isinstance(tree, expressions.Query) else []
        counts = columns and all(column.find(expressions.AggFunc) for column in columns)
        names = [f"column_{number}" for number in range(len(columns))]
        rows = [[0] * len(names)] if counts else []
        return AdapterResponse("OK"), agate.Table(rows, names, [agate.Number()] * len(names))

    def _relation(self, adapter: Any, database: str, schema: str, identifier: str) -> Any:
        is_there = {
            "on an empty database": False,
            "first run": schema == RAW_SCHEMA,
            "later run": True,
        }[self.form]
        if not is_there:
            return None
        return adapter.Relation.create(
            database=database, schema=schema, identifier=identifier, type="table"
        )

    def _columns(self, adapter: Any, relation: Any) -> list[Any]:
        return [
            adapter.Column(self._stored(name), self.engine.raw_type(type_, self.form == FORMS[1]))
            for name, type_ in self.tables[relation.identifier].items()
        ]

    def _stored(self, name: str) -> str:
        return name.upper() if self.engine.stores_capitals else name


def _opened(connection: Any) -> Any:
    connection.state = ConnectionState.OPEN
    connection.handle = SimpleNamespace(close=lambda: None)
    return connection


def compile_models(engine: Engine, project: Path) -> dict[str, list[dict[str, str]]]:
    """The statements of all models in each form, and the messages of what does not compile."""
    adapter = importlib.import_module(f"dbt.adapters.{engine.name}").Plugin.adapter
    database = Database(engine)
    database.replace(adapter)
    found: dict[str, list[dict[str, str]]] = {"statements": [], "failures": []}
    compile_node = dbt.compilation.Compiler.compile_node

    def compile_in_each_form(compiler: Any, node: Any, manifest: Any, *given: Any, **named: Any):
        for form in FORMS if node.resource_type == "model" else ():
            database.form = form
            database.queries = []
            where = {"path": node.original_file_path, "form": form}
            try:
                parts = _parts(compiler, compile_node, deepcopy(node), manifest, database)
                for part, sql in parts:
                    found["statements"].append(where | {"part": part, "sql": sql})
            except Exception as problem:
                found["failures"].append(where | {"message": str(problem)})
        node.compiled, node.compiled_code = True, ""
        return node

    dbt.compilation.Compiler.compile_node = compile_in_each_form
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        output = {"type": engine.name, "threads": 1} | engine.connection
        profile = {PROFILE: {"target": engine.name, "outputs": {engine.name: output}}}
        (home / "profiles.yml").write_text(yaml.safe_dump(profile))
        outcome = dbtRunner().invoke(
            [
                *("--quiet", "--no-use-colors", "--no-send-anonymous-usage-stats", "compile"),
                *("--no-populate-cache", "--vars", json.dumps(VARS), "--profile", PROFILE),
                *("--project-dir", str(project), "--profiles-dir", str(home)),
                *("--target-path", str(home / "target"), "--log-path", str(home / "logs")),
            ]
        )
    if not outcome.success:
        found["failures"].append({"path": "", "form": "", "message": str(outcome.exception)})
    return found


def _parts(
    compiler: Any, compile_node: Any, node: Any, manifest: Any, database: Database
) -> list[tuple[str, str]]:
    """The select of a model, its hooks, the types of its contract, and what it asks on the way."""
    context = generate_runtime_model_context(node, compiler.config, manifest)
    # Those of models have the columns that are described, of whatever type.
    for other in manifest.nodes.values():
        database.tables[other.alias] = dict.fromkeys(other.columns, "text")
    for name, table in context["raw_tables"]().items():
        declared = context["declared_columns"](table["fields"]) if table["fields"] else {}
        database.tables[name] = {**table["columns"], **declared, "is_deleted": "boolean"}
    compiled = compile_node(compiler, node, manifest, None, write=False)
    parts = [("select", compiled.compiled_code)]
    context = generate_runtime_model_context(compiled, compiler.config, manifest)
    for hook in (*compiled.config.pre_hook, *compiled.config.post_hook):
        if sql := context["render"](hook.sql).strip():
            parts.append(("hook", sql))
    if compiled.config.materialized == "incremental":
        _check_strategy(context, compiled.config.incremental_strategy)
    if compiled.contract.enforced:
        columns = context["model"]["columns"]
        parts.append(("contract", context["get_empty_schema_sql"](columns)))
    return parts + [("query", sql) for sql in database.queries]


def _check_strategy(context: Any, strategy: str) -> None:
    """Let the adapter refuse the strategy of an incremental model, as it does when it builds it."""
    check = context.get(f"dbt_{context['target']['type']}_validate_get_incremental_strategy")
    if check is not None:
        check(context["config"])
    else:
        context["adapter"].get_incremental_strategy_macro(context, strategy)


def write_compiled(engine: str, project: str, found: str) -> None:
    """Write the statements, and what does not compile, as JSON."""
    Path(found).write_text(json.dumps(compile_models(ENGINES[engine], Path(project))))
