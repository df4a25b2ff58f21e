"""The rule files that every folder of rules must hold."""

from pathlib import Path

from lead_scoring_tools.errors import UserMistakeError

RULE_FILES = (
    "behavior_rules",
    "category_caps",
    "decay_curves",
    "engagement_rules",
    "event_catalog",
    "event_exclusions",
    "fit_rules",
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
