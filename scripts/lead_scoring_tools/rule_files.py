"""Read the rule files of a folder cell by cell, as dbt does, and name what dbt could not read."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .rule_definition import RuleFile, rule_files
from .rule_problems import ERROR, WARNING, Problem, nearest

Report = Callable[..., None]

# dbt's reader takes no longer cells.
LONGEST_CELL = csv.field_size_limit()
# dbt reads these as nothing.
NULLS = ("", "null")


@dataclass
class Table:
    """The rows of a rule file, with the lines on which they begin."""

    name: str
    path: Path
    columns: list[str]
    rows: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    # Whether rows or columns of it are missing here, so that others may seem to refer to nothing.
    is_whole: bool = True
    # Whether its columns are not where they should be, so that nothing can be said of its cells.
    has_broken_header: bool = False

    def values(self, column: str) -> list[str | None]:
        """The cells of a column."""
        place = self.columns.index(column)
        return [row[place] for row in self.rows]


@dataclass
class RuleFolder:
    """All rule files of a folder, and what is wrong with the files themselves."""

    path: Path
    tables: dict[str, Table]
    problems: list[Problem]


def read_rule_folder(folder: Path) -> RuleFolder:
    """Read every rule file; what can't be read is a problem, and the rest is there."""
    if not folder.is_dir():
        problem = Problem(
            ERROR,
            str(folder),
            expected="a folder of rule files",
            found="nothing",
            remedy="Correct --rules or LEAD_SCORING_SEEDS.",
        )
        return RuleFolder(folder, {}, [problem])
    paths: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.csv")):
        paths.setdefault(path.stem, []).append(path)
    problems = list(_misplaced(folder, paths))
    tables = {}
    for name, definition in rule_files().items():
        columns = list(definition.columns)
        if name in paths:
            tables[name], found = _read(paths[name][0], definition)
            problems += found
        else:
            tables[name] = Table(name, folder / f"{name}.csv", columns, is_whole=False)
    return RuleFolder(folder, tables, problems)


def _misplaced(folder: Path, paths: dict[str, list[Path]]) -> Iterator[Problem]:
    missing = [name for name in rule_files() if name not in paths]
    unknown = [name for name in paths if name not in rule_files()]
    for name in missing:
        similar = nearest(name, unknown)
        yield Problem(
            ERROR,
            str(folder / f"{name}.csv"),
            expected="a file with the header " + ",".join(rule_files()[name].columns),
            found=f"{similar}.csv" if similar else "no such file",
            remedy="Rename it." if similar else "Write one; it may hold the header only.",
        )
    for name in unknown:
        for path in paths[name]:
            yield Problem(
                WARNING,
                str(path),
                expected="rule files and nothing else",
                found=f"{name}.csv",
                remedy="Move it: dbt loads every CSV file of the folder as a table.",
                nearest=nearest(name, missing),
            )
    for copies in paths.values():
        if len(copies) > 1:
            yield Problem(
                ERROR,
                str(copies[1]),
                expected="each rule file once",
                found=f"{copies[0]} too",
                remedy="Remove one of the two.",
            )


def _read(path: Path, definition: RuleFile) -> tuple[Table, list[Problem]]:
    columns = list(definition.columns)
    table = Table(definition.name, path, columns)
    problems = []

    def report(line: int | None, expected: str, found: str, remedy: str, **more: str) -> None:
        problems.append(
            Problem(ERROR, str(path), line, expected=expected, found=found, remedy=remedy, **more)
        )

    text = _decoded(path, report)
    records = _records(text, report) if text is not None else []
    if not records:
        if not problems:
            report(1, "the header " + ",".join(columns), "an empty file", "Write the header.")
        table.is_whole = False
        return table, problems
    (_, header), *records = records
    _check_columns(header, definition, report)
    table.has_broken_header = any(problem.line == 1 for problem in problems)
    table.is_whole = not problems
    problems += _unknown_columns(path, header, columns)
    if len(header) < 2:
        return table, problems
    for line, cells in records:
        if cells and len(cells) != len(header):
            table.is_whole = False
            report(
                line,
                f"{len(header)} cells",
                str(len(cells)),
                "Put quotes around cells that hold a comma, and a comma for each empty cell.",
            )
        for place, cell in enumerate(cells):
            if "\0" in cell or len(cell) > LONGEST_CELL:
                table.is_whole = False
                name = header[place] if place < len(header) else f"number {place + 1}"
                report(
                    line,
                    f"cells without null characters, of at most {LONGEST_CELL} others",
                    f"{len(cell)} characters in the column {name}",
                    "Shorten the cell or write it anew; rows that share an id may split a list.",
                )
        named = dict(zip(header, cells, strict=False))
        table.rows.append([_cell(named.get(column)) for column in columns])
        table.lines.append(line)
    return table, problems


def _decoded(path: Path, report: Report) -> str | None:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        report(
            content.count(b"\n", 0, problem.start) + 1,
            "text in UTF-8",
            f"the byte {content[problem.start]:#04x}",
            "Save the file as CSV UTF-8.",
        )
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _records(text: str, report: Report) -> list[tuple[int, list[str]]]:
    """The records with the lines on which they begin, up to the first that is broken."""
    limit = csv.field_size_limit(max(len(text), LONGEST_CELL))
    records = []
    start = 1
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for cells in reader:
            records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as problem:
        report(
            start,
            "cells that are quoted as CSV asks for",
            str(problem),
            'Close the quotes, and write "" for a quote inside a quoted cell.',
        )
    finally:
        csv.field_size_limit(limit)
    return records


def _check_columns(header: list[str], definition: RuleFile, report: Report) -> None:
    if len(header) < 2:
        report(
            1,
            "a header of columns joined by commas",
            repr(",".join(header)),
            "Write the header, and save the file with commas between the cells.",
        )
        return
    for name in definition.columns:
        if header.count(name) != 1:
            others = [other for other in header if other not in definition.columns]
            report(
                1,
                f"the column {name}" + (" once" if name in header else ""),
                f"the columns {', '.join(header)}",
                "Correct the first line.",
                nearest=nearest(name, others) if name not in header else None,
            )


def _unknown_columns(path: Path, header: list[str], columns: list[str]) -> Iterator[Problem]:
    if len(header) < 2:
        return
    for name in header:
        if name not in columns:
            yield Problem(
                WARNING,
                str(path),
                1,
                expected=f"columns among {', '.join(columns)}",
                found=repr(name),
                remedy="Nothing reads it: correct the name, or leave it as a note of yours.",
                nearest=nearest(name, [column for column in columns if column not in header]),
            )


def _cell(value: str | None) -> str | None:
    if value is None or value.strip().lower() in NULLS:
        return None
    return value.replace("\0", "")
