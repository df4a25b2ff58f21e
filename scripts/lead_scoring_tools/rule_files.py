"""The rule files that every folder of rules must hold."""

import csv
from pathlib import Path

from lead_scoring_tools.errors import UserMistakeError

RULE_FILES = (
    "account_rollups",
    "behavior_rules",
    "buying_role_rules",
    "buying_roles",
    "category_caps",
    "decay_curves",
    "engagement_rules",
    "erasures",
    "event_catalog",
    "event_exclusions",
    "fit_rules",
    "journey_steps",
    "lead_stages",
    "qualification_thresholds",
    "score_bands",
    "scorecard_audiences",
    "scorecards",
    "suppressions",
)


def check_rule_files(folder: Path) -> None:
    """Refuse a folder that lacks a rule file, which dbt would report less clearly."""
    if not folder.is_dir():
        raise UserMistakeError(
            str(folder), "a folder of rule files", "nothing", "Correct LEAD_SCORING_SEEDS."
        )
    present = {path.stem for path in folder.rglob("*.csv")}
    missing = [f"{name}.csv" for name in RULE_FILES if name not in present]
    if missing:
        raise UserMistakeError(
            str(folder),
            "all rule files",
            f"none named {', '.join(missing)}",
            "Copy what is missing from seeds/scoring; all but scorecards.csv and event_catalog.csv"
            " may hold the header only.",
        )
    problems = [
        problem
        for path in sorted(folder.rglob("*.csv"))
        if path.stem in RULE_FILES
        for problem in _broken_lines(path)
    ]
    if problems:
        raise UserMistakeError.of(problems)


def _broken_lines(path: Path) -> list[UserMistakeError]:
    """Lines that dbt could not load, or would load wrongly."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            if len(header) < 2:
                return [
                    UserMistakeError(
                        f"{path}:1",
                        "a header of columns joined by commas",
                        repr(",".join(header)),
                        "Write the header, and save the file with commas between the cells.",
                    )
                ]
            return [
                UserMistakeError(
                    f"{path}:{rows.line_num}",
                    f"{len(header)} cells",
                    len(row),
                    "Quote cells that hold a comma.",
                )
                for row in rows
                if row and len(row) != len(header)
            ]
    except UnicodeDecodeError:
        found = "another encoding"
    except csv.Error as problem:
        found = str(problem)
    return [UserMistakeError(str(path), "a CSV file in UTF-8", found, "Save it anew.")]
