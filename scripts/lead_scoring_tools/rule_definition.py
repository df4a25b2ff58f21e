"""What the rule files hold, as _rules__seeds.yml defines it: columns, meanings, constraints."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from .templates import PROJECT, read_yaml

DEFINITION = PROJECT / "models" / "intermediate" / "rules" / "_rules__seeds.yml"
# Added when a file is loaded.
LINE_NUMBER = "line_number"


@dataclass(frozen=True)
class Column:
    """A column of a rule file; `limits` is its meta, explained at the top of the definition."""

    name: str
    description: str
    limits: dict[str, Any]

    @property
    def reference(self) -> tuple[str, str] | None:
        """The rule file and its column that hold the names which this one may use."""
        if "refers_to" not in self.limits:
            return None
        seed, column = self.limits["refers_to"].split(".")
        return seed, column


@dataclass(frozen=True)
class RuleFile:
    """A rule file that every folder of rules must hold."""

    name: str
    description: str
    columns: dict[str, Column]

    @property
    def key(self) -> list[str]:
        """The columns in which no two rows agree; empty where rows may share an id."""
        return [column.name for column in self.columns.values() if column.limits.get("is_key")]


@cache
def rule_files() -> dict[str, RuleFile]:
    """Every rule file by its name without .csv."""
    return {seed["name"]: _rule_file(seed) for seed in read_yaml(DEFINITION)["seeds"]}


def _rule_file(seed: dict[str, Any]) -> RuleFile:
    columns = [
        Column(column["name"], column["description"], column.get("config", {}).get("meta", {}))
        for column in seed["columns"]
        if column["name"] != LINE_NUMBER
    ]
    return RuleFile(seed["name"], seed["description"], {column.name: column for column in columns})
