"""Check the rule files of a folder: what makes a run stop, and what is legal and probably wrong.

The rules of checking stand once, in the SQL of int_rule_problems and int_rule_warnings, which a
pipeline builds before it scores. Here DuckDB runs the same SQL in memory on the files alone.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from .errors import UserMistakeError
from .rule_definition import LINE_NUMBER, rule_files
from .rule_files import RuleFolder, Table, read_rule_folder
from .rule_problems import ERROR, WARNING, Problem, nearest
from .templates import Templates

POINT_RULES = ("fit_rules", "behavior_rules", "engagement_rules")
GATE, WARNINGS = "int_rule_problems", "int_rule_warnings"


def check_rule_files(folder: Path, settings: Mapping[str, Any]) -> None:
    """Refuse a folder with errors, all of them in one message."""
    errors = [problem for problem in check_rules(folder, settings) if problem.severity == ERROR]
    if errors:
        raise UserMistakeError.of(errors)


def check_rules(folder: Path, settings: Mapping[str, Any]) -> list[Problem]:
    """Every problem, in the order of files and lines; warnings only where there is no error."""
    templates = Templates(settings)
    templates.macro("check_configuration")()
    found = read_rule_folder(folder)
    problems = list(found.problems)
    if found.tables:
        with duckdb.connect() as connection:
            rules = RuleDatabase(connection, templates, found)
            problems += rules.problems(GATE, ERROR)
            if not any(problem.severity == ERROR for problem in problems):
                problems += rules.problems(WARNINGS, WARNING)
    shown = [replace(problem, path=_shown(problem.path)) for problem in problems]
    return sorted(dict.fromkeys(shown), key=_order)


class RuleDatabase:
    """The rule files as tables in memory, and the models that are made of them alone."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, templates: Templates, folder: RuleFolder
    ) -> None:
        self.connection, self.templates, self.folder = connection, templates, folder
        self.built: set[str] = set()
        # The tables are so small that planning takes longer than running.
        connection.execute("set threads = 1; pragma disable_optimizer")
        for table in folder.tables.values():
            self._load(table)

    def build(self, model: str) -> None:
        """Build a model, and before it those that it refers to."""
        if model in self.built or model in self.folder.tables:
            return
        self.built.add(model)
        sql, parents = self.templates.sql(model)
        for parent in parents:
            self.build(parent)
        self.connection.execute(f"create table {model} as {sql}")

    def problems(self, model: str, severity: str) -> Iterator[Problem]:
        """The rows of a model of problems, with the name that was probably meant."""
        self.build(model)
        columns = "file_name, line_number, column_name, item, expected, found, remedy"
        rows = self.connection.execute(f"select {columns} from {model}").fetchall()
        for file_name, line, column, item, expected, found, remedy in rows:
            table = self.folder.tables.get(file_name.removesuffix(".csv"))
            if self._follows_from_another(table, line, expected):
                continue
            yield Problem(
                severity,
                path=str(table.path) if table else file_name,
                line=line,
                column=column,
                item=item,
                expected=expected,
                found=found,
                remedy=remedy,
                nearest=self._nearest(table, line, column) if table and column else None,
            )

    def _load(self, table: Table) -> None:
        names = [*table.columns, LINE_NUMBER]
        cells = ", ".join(f"cells[{place}] as {name}" for place, name in enumerate(names, start=1))
        rows = [[*row, str(line)] for row, line in zip(table.rows, table.lines, strict=True)]
        # As one text: for each value that is bound by itself, DuckDB looks for modules of Python.
        self.connection.execute(
            f"create table {table.name} as select * replace"
            f" (cast({LINE_NUMBER} as integer) as {LINE_NUMBER})"
            f" from (select {cells}"
            """ from (select unnest(from_json(?, '[["varchar"]]')) as cells))""",
            [json.dumps(rows)],
        )

    def _follows_from_another(self, table: Table | None, line: int | None, expected: str) -> bool:
        """Whether a problem is there only because a file could not be read whole."""
        if table and (
            table.has_broken_header
            or any(
                p.path == str(table.path) and p.line == line
                for p in self.folder.problems
                if p.severity == ERROR
            )
        ):
            return True
        return any(
            not other.is_whole and f"{other.name}.csv" in expected
            for other in self.folder.tables.values()
        )

    def _nearest(self, table: Table, line: int | None, column: str) -> str | None:
        if line not in table.lines:
            return None
        row = dict(zip(table.columns, table.rows[table.lines.index(line)], strict=True))
        cell = (row[column] or "").strip()
        names = {name.strip() for name in self._valid_names(table, column, row) if name}
        if not cell or cell.lower() in {name.lower() for name in names}:
            return None
        return nearest(cell, sorted(names))

    def _valid_names(
        self, table: Table, column: str, row: Mapping[str, str | None]
    ) -> Iterable[str | None]:
        definition = rule_files()[table.name].columns
        limits = definition[column].limits
        if "fields" in limits:
            return self._field_types(limits["fields"])
        if limits.get("allowed") == "operator":
            types = self._field_types(definition["field"].limits["fields"])
            operators = self.templates.macro("operators_by_type")()
            field_type = types.get((row["field"] or "").strip().lower())
            return operators.get(field_type, list(chain.from_iterable(operators.values())))
        if (table.name, column) == ("category_caps", "category"):
            return chain.from_iterable(
                self.folder.tables[seed].values("category") for seed in POINT_RULES
            )
        if "allowed" in limits:
            return self.templates.macro("allowed_values")(limits["allowed"])
        if definition[column].reference:
            seed, referred = definition[column].reference
            return self.folder.tables[seed].values(referred)
        return []

    def _field_types(self, vocabulary: str) -> dict[str, str]:
        fields = self.templates.macro("field_vocabularies")()[vocabulary]
        return {field["name"]: field["type"] for field in fields}


def _shown(path: str) -> str:
    """Relative where that is shorter, as people and editors write it."""
    if not Path(path).is_absolute():
        return path
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def _order(problem: Problem) -> tuple[str, int, str, str]:
    return (problem.path, problem.line or 0, problem.severity, str(problem))
