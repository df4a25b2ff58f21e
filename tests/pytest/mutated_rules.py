"""Rule files with random mistakes, and leads and events that the shipped rules often match."""

import csv
import io
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from lead_scoring_tools.rule_definition import rule_files
from lead_scoring_tools.rule_files import read_rule_folder
from pipeline import PROJECT
from reference import World
from reference.world import ACCOUNT_FIELDS, LEAD_FIELDS

RULES = PROJECT / "seeds" / "scoring"
AS_OF = date(2024, 6, 30)
# A cell of so many characters is more than dbt reads; one of LONG_CELL is not.
MEGABYTE, LONG_CELL = 1_000_000, 100_000

HOSTILE = [
    "'); drop table scorecards; --",
    "' or '1'='1",
    '"; delete from lead_scores; --',
    "$$; select 1; $$",
    "/* */ union all select 1",
    "{{ 1 / 0 }}",
    "{% raw %}",
    "{{ env_var('HOME') }}",
    "{#",
    "%s",
    "?",
    "\\",
    "'",
    '"',
    "''",
    "a,b\nc",
    "\r\n",
    "\t",
    "\u00a0",
    "\u2003",
    "\u202eevil\u202c",
    "שלום",
    "\ufeff",
    "\u0000",
    "\x1b[2J",
    "\u0130",
    "ß",
    "日本",
    "🚀",
    "null",
    "NULL",
    "None",
    "=1+1",
    "<script>alert(1)</script>",
]
NUMBERS = [
    "0",
    "-0",
    "+5",
    " 7 ",
    ".5",
    "5.",
    "-1",
    "1e3",
    "1E-9",
    "0.1",
    "0.0000001",
    "1e308",
    "1e309",
    "1e-320",
    "-1e15",
    "1000000",
    "1000000.0000001",
    "1e9",
    "99999999999999999999",
    "0x10",
    "1_000",
    "١٢",
    "nan",
    "inf",
    "1,5",
    "100",
    "100.004",
    "64.5",
    "3650",
]
VALUES = [
    "|",
    "a|b",
    "5|1",
    "1|5",
    "1|5|9",
    "|5",
    "2024-01-01",
    "2024-01-01|2024-12-31",
    "2024-02-30",
    "2024-01-01T23:30:00-05:00",
    "0001-01-01",
    "9999-12-31",
    "(",
    "[a",
    "a**",
    "(?i)a",
    "(a|b)+",
    "x{2,3}",
    "x{1001}",
    "\\d+",
    "\\1",
    "[[:alpha:]]",
    "^$",
    "true",
    "*",
]


@dataclass
class Mutation:
    """What was done to a folder of rule files, in words."""

    done: list[str] = field(default_factory=list)
    # Whether every file is still what a CSV writer would write of its cells.
    is_well_formed: bool = True


class Mutator:
    """Copies the shipped rules and changes some cells, rows or bytes of them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def write(self, folder: Path, changes: int) -> Mutation:
        """A folder of rule files with a number of changes."""
        shutil.copytree(RULES, folder)
        mutation = Mutation()
        for _ in range(changes):
            path = self.random.choice(sorted(folder.glob("*.csv")))
            if self.random.random() < 0.12:
                self._break_file(path, mutation)
            else:
                self._change_rows(path, mutation)
        return mutation

    def _change_rows(self, path: Path, mutation: Mutation) -> None:
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8", errors="replace")))
        if not rows:
            rows = [[""] * len(header)]
        change: Callable[[list[list[str]], list[str]], str] = self.random.choice(
            [self._change_cell] * 8 + [self._copy_row, self._remove_row, self._swap_rows]
        )
        told = change(rows, header)
        mutation.done.append(f"{path.name}: {told}"[:200])
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows([header, *rows])
        path.write_text(written.getvalue(), encoding="utf-8")

    def _change_cell(self, rows: list[list[str]], header: list[str]) -> str:
        row = self.random.choice(rows)
        place = self.random.randrange(min(len(row), len(header)))
        others = [other[place] for other in rows if place < len(other)]
        pools = [others, others, HOSTILE, NUMBERS, VALUES, [""], [self._misspelt(row[place])]]
        cell = self.random.choice(self.random.choice(pools))
        if self.random.random() < 0.02:
            cell = "x" * self.random.choice([MEGABYTE, LONG_CELL])
        row[place] = cell
        return f"{header[place]} = {cell!r}"

    def _misspelt(self, cell: str) -> str:
        if not cell:
            return "x"
        place = self.random.randrange(len(cell))
        return self.random.choice(
            [cell[:place] + cell[place + 1 :], cell.upper(), f" {cell}", cell + cell[-1]]
        )

    def _copy_row(self, rows: list[list[str]], _: list[str]) -> str:
        rows.append(list(self.random.choice(rows)))
        return "a row twice"

    def _remove_row(self, rows: list[list[str]], _: list[str]) -> str:
        rows.pop(self.random.randrange(len(rows)))
        return "without a row"

    def _swap_rows(self, rows: list[list[str]], _: list[str]) -> str:
        one, other = (self.random.randrange(len(rows)) for _ in range(2))
        rows[one], rows[other] = rows[other], rows[one]
        return "two rows swapped"

    def _break_file(self, path: Path, mutation: Mutation) -> None:
        content = path.read_bytes()
        place = self.random.randrange(len(content))
        broken = {
            "a byte that is no UTF-8": content[:place] + b"\xff" + content[place:],
            "a null byte": content[:place] + b"\0" + content[place:],
            "a quote": content[:place] + b'"' + content[place:],
            "a comma": content[:place] + b"," + content[place:],
            "cut off": content[:place],
            "semicolons": content.replace(b",", b";"),
            "a header in capitals": content.split(b"\n")[0].upper() + b"\n" + content,
            "UTF-16": content.decode("utf-8", "replace").encode("utf-16"),
            "Windows lines": content.replace(b"\n", b"\r\n"),
            "a blank line": content + b"\n",
            "SQL in the header": b"x) as y; drop table z; --," + content,
        }
        told = self.random.choice(sorted(broken))
        path.write_bytes(broken[told])
        mutation.done.append(f"{path.name}: {told} at {place}")
        mutation.is_well_formed = False


def rules_of(folder: Path) -> dict[str, list[dict[str, str | None]]]:
    """The rows of a folder as dbt loads them."""
    return {
        name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        for name, table in read_rule_folder(folder).tables.items()
    }


def world_for(seeds: dict[str, list[dict[str, str | None]]], seed: int) -> World:
    """A few leads with events, made of the words that the shipped rules ask for."""
    draw = random.Random(seed)
    shipped = rules_of(RULES)
    words: dict[str, list[str]] = {}
    for rows in shipped.values():
        for row in rows:
            if row.get("field") and row.get("operator") in ("equals", "in", "contains"):
                words.setdefault(str(row["field"]), []).extend(str(row["value"]).split("|"))
    types = [str(row["raw_event_type"]) for row in shipped["event_catalog"]]

    def word(name: str) -> str | None:
        return draw.choice([*words.get(name, ["x"]), "x", None])

    def day(most: int) -> str:
        return (AS_OF - timedelta(days=draw.randrange(most))).isoformat()

    accounts = [
        {
            name: word(name) if kind != "number" else str(draw.choice([5, 50, 500, 5000, 0.3]))
            for name, kind in ACCOUNT_FIELDS.items()
        }
        | {"account_id": f"A{number}", "updated_at": day(300)}
        for number in range(3)
    ]
    leads = [
        {name: word(name) for name in LEAD_FIELDS}
        | {
            "lead_id": f"L{number}",
            "account_id": draw.choice(["A0", "A1", "A2", None]),
            "email": draw.choice(["a@gmail.com", "b@corp.example", "qa1@x.example"]),
            "job_title": draw.choice(["VP Sales", "student", "Head of Data", None]),
            "created_at": day(200),
            "updated_at": day(100),
        }
        for number in range(6)
    ]
    events = [
        {
            "event_id": f"E{number}",
            "lead_id": f"L{draw.randrange(6)}",
            "event_type": draw.choice(types),
            "occurred_at": f"{day(120)}T{draw.randrange(10, 24)}:00:00Z",
            "page_path": draw.choice(["/product/x", "/de/", "/careers/1", "/security", None]),
            "content_topic": draw.choice(["roi", "analytics", None]),
            "campaign": draw.choice(["analytics_2024", "qa_test", "spring", None]),
            "device": draw.choice(["mobile", "Googlebot (crawler)", None]),
            "duration_seconds": draw.choice(["0", "45", "200", "4000", None]),
            "value": draw.choice(["1", "5", None]),
        }
        for number in range(60)
    ]
    raw = {"raw_leads": leads, "raw_firmographics": accounts, "raw_events": events}
    return World(as_of=AS_OF, raw=raw, seeds={name: seeds.get(name, []) for name in rule_files()})
