"""Rule sets as folders hold them or as git remembers them, and what differs between two."""

import io
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import UserMistakeError
from ..rule_checks import check_rule_files
from ..rule_files import Table, read_rule_folder

# What names a row, or rows that belong together; the columns that the rows of a rule share.
KEYS = {
    "scorecards": ["scorecard"],
    "scorecard_audiences": ["scorecard"],
    "fit_rules": ["rule_id"],
    "behavior_rules": ["rule_id"],
    "engagement_rules": ["rule_id"],
    "decay_curves": ["decay"],
    "category_caps": ["scorecard", "score", "category"],
    "score_bands": ["scorecard", "score", "band"],
    "lead_stages": ["scorecard", "fit_band", "engagement_band"],
    "qualification_thresholds": ["scorecard", "stage", "score"],
    "suppressions": ["suppression_id"],
    "event_catalog": ["raw_event_type"],
    "event_exclusions": ["exclusion_id"],
    "buying_roles": ["role"],
    "buying_role_rules": ["role_rule_id"],
    "account_rollups": ["scorecard"],
    "journey_steps": ["field", "value"],
}
# What a condition consists of; rows that share an id must all hold.
CONDITION = ("field", "operator", "value")
# Files whose rows say something by their order too.
ORDERED = ("qualification_thresholds",)
# Files that no score, band or stage of a lead depends on.
NOT_OF_LEADS = ("buying_roles", "buying_role_rules", "account_rollups", "journey_steps")
Row = dict[str, str | None]


@dataclass(frozen=True)
class RuleSet:
    """All rule files of one folder or revision."""

    name: str
    tables: dict[str, Table]


@dataclass(frozen=True)
class CellChange:
    """A cell, or the cells of rows that belong together, before and after."""

    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class RuleChange:
    """What happened to one item of a rule file: added, removed or changed."""

    file: str
    item: str
    kind: str
    cells: list[CellChange]
    """Of an added or removed item, all cells that hold something."""

    @property
    def concerns_leads(self) -> bool:
        """Whether scores, bands or stages of leads can depend on it."""
        return self.file not in NOT_OF_LEADS


def read_folder(folder: Path, settings: Mapping[str, Any]) -> RuleSet:
    """The rules of a folder; refuses those that no run would score."""
    check_rule_files(folder, settings)
    return RuleSet(str(folder), read_rule_folder(folder).tables)


def read_revision(
    folder: Path, revision: str, scratch: Path, settings: Mapping[str, Any]
) -> RuleSet:
    """The rules that a folder held at a revision of its git repository."""
    if not folder.is_dir() or _git(folder, "rev-parse", "--show-toplevel") is None:
        raise UserMistakeError(
            str(folder),
            "a folder in a git repository, to compare with",
            "none",
            "Name the rules to compare with: --base folder.",
        )
    if _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise UserMistakeError(
            "--base",
            "a git revision such as HEAD or main, or a folder of rule files",
            f"'{revision}'",
            "Correct it; git log lists revisions.",
        )
    archive = _git(folder, "archive", "--format=tar", revision, ".")
    if archive is None:
        raise UserMistakeError(
            f"{revision}:{folder}",
            "rule files",
            "none at that revision",
            "Commit the folder, or name another base: --base folder.",
        )
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(scratch, filter="data")
    try:
        rules = read_folder(scratch, settings)
    except UserMistakeError as mistake:
        text = str(mistake).replace(str(scratch), f"{revision}:{folder}")
        raise UserMistakeError.of([Exception(text)]) from None
    return replace(rules, name=revision)


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git answers; None if it refuses, or is not there."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=False
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def changes_between(old: RuleSet, new: RuleSet) -> list[RuleChange]:
    """What was added, removed and changed, file by file, in the order of the files' rows."""
    changes = []
    for file, key in KEYS.items():
        before, after = (_items(rules.tables[file], key) for rules in (old, new))
        for item in [*after, *(item for item in before if item not in after)]:
            cells = _cell_changes(before.get(item, {}), after.get(item, {}), key)
            if cells:
                kind = (
                    "changed"
                    if item in before and item in after
                    else ("added" if item in after else "removed")
                )
                changes.append(RuleChange(file, " / ".join(item), kind, cells))
        shared = [
            [item for item in items if item in before and item in after]
            for items in (before, after)
        ]
        if file in ORDERED and shared[0] != shared[1]:
            orders = [", ".join(" / ".join(item) for item in items) for items in shared]
            changes.append(
                RuleChange(file, "order of the rows", "changed", [CellChange("rows", *orders)])
            )
    return changes


def _items(table: Table, key: list[str]) -> dict[tuple[str, ...], dict[str, str]]:
    """The cells of each item; where several rows make one, their cells joined."""
    grouped: dict[tuple[str, ...], list[Row]] = {}
    for cells in table.rows:
        row = dict(zip(table.columns, cells, strict=True))
        if any(cells):
            item = tuple((row.get(column) or "").strip() for column in key)
            grouped.setdefault(item, []).append(row)
    return {item: _joined(rows, table.columns) for item, rows in grouped.items()}


def _joined(rows: list[Row], columns: list[str]) -> dict[str, str]:
    """The cells on which rows that belong together agree, and their conditions as one text."""
    texts = [{column: (row.get(column) or "").strip() for column in columns} for row in rows]
    joined = {
        column: " / ".join(dict.fromkeys(text[column] for text in texts))
        for column in columns
        if column not in CONDITION
    }
    if set(CONDITION) <= set(columns):
        conditions = {" ".join(text[column] for column in CONDITION).strip() for text in texts}
        joined["condition"] = " and ".join(sorted(conditions))
    return joined


def _cell_changes(old: dict[str, str], new: dict[str, str], key: list[str]) -> list[CellChange]:
    return [
        CellChange(column, old.get(column) or None, new.get(column) or None)
        for column in dict.fromkeys([*old, *new])
        if column not in key and (old.get(column) or "") != (new.get(column) or "")
    ]
