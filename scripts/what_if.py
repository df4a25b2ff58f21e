"""Compare two rule sets on the data of the last run: who would move, and would scores tell more?

The edited rule files are compared with those of git, or of another folder. Both are scored on the
same data and date beside the tables of the last run, which stay as they are.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.places import go_to_project, in_project
from lead_scoring_tools.run_settings import database_file, read_vars, rules_folder
from lead_scoring_tools.what_if.comparisons import compare
from lead_scoring_tools.what_if.compiled_models import MOST_DAYS
from lead_scoring_tools.what_if.gates import (
    MEASURES,
    GateFailedError,
    check_gates,
    parse_gates,
)
from lead_scoring_tools.what_if.outcomes import Outcomes, measure_outcomes, refuse_unscored
from lead_scoring_tools.what_if.productions import Production, read_production
from lead_scoring_tools.what_if.replays import Replay, Side
from lead_scoring_tools.what_if.reports import Report
from lead_scoring_tools.what_if.rule_sets import (
    RuleSet,
    changes_between,
    read_folder,
    read_revision,
)
from lead_scoring_tools.what_if.runs import scored
from lead_scoring_tools.what_if.writers import show, write_files
from rich.console import Console

EXAMPLE = """examples:
  python scripts/what_if.py
  python scripts/what_if.py --rules my_rules --base main --fail-if 'band_moves > 10%'
  make what-if RULES=my_rules FAIL_IF='band_moves > 10%, sql_moves > 50'

--fail-if takes a measure, one of > >= < <=, and a number or a share:
"""
# A first day, on which the change shows at once, and whole weeks after it.
DAYS, DAYS_OF_MANY, MANY_LEADS = 29, 8, 10_000


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the rule sets were compared, 2 if the change breaks a limit."""
    return run_command(what_if, arguments)


def what_if(arguments: list[str] | None) -> None:
    """Compare, show and write the report, and check the limits."""
    options = _parse(arguments)
    gates = parse_gates(options.fail_if)
    production = read_production(database_file(), read_vars(options.vars))
    days = _days(options.days, production)
    outcome_days = _whole_number("--outcome-days", options.outcome_days, 3650)
    if options.outcomes is None:
        refuse_unscored(outcome_days, days)
    started = time.monotonic()
    console = Console(
        stderr=options.json, width=None if sys.stdout.isatty() else 140, highlight=False
    )
    with tempfile.TemporaryDirectory(prefix="what_if_") as scratch, console.status("") as status:
        base, candidate = _rule_sets(options, Path(scratch), production)
        with scored(production, base, candidate, days, status.update) as (replay, old, new):
            status.update("comparing")
            comparison = compare(replay, old, new)
            bands = {
                card.scorecard: [b for b in card.matrices["lead_band"].labels if b[0] != "("]
                for card in comparison.scorecards
            }
            outcomes = measure_outcomes(replay, old, new, bands, options.outcomes, outcome_days)
            notes = _notes(replay, old, new, outcomes)
    report = Report(
        base=base.name,
        candidate=candidate.name,
        comparison=comparison,
        changes=changes_between(base, candidate),
        outcomes=outcomes,
        notes=notes,
        broken_limits=check_gates(gates, comparison, outcomes),
    )
    _hand_over(report, options, console, time.monotonic() - started)
    if report.broken_limits:
        raise GateFailedError(report.broken_limits)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    measures = "".join(f"  {name:<18}{measure.meaning}\n" for name, measure in MEASURES.items())
    parser = Parser(__doc__, EXAMPLE + measures)
    parser.add_argument(
        "--rules", type=Path, help="folder of the edited rules (that of make score)"
    )
    parser.add_argument(
        "--base", default="HEAD", help="git revision or folder to compare with (HEAD)"
    )
    parser.add_argument(
        "--days",
        help=f"days to replay ({DAYS_OF_MANY} to {DAYS}, as far as the history reaches back; "
        f"{DAYS_OF_MANY} for more than {MANY_LEADS:,} leads)",
    )
    parser.add_argument("--outcomes", type=Path, help="Parquet or CSV file of later conversions")
    parser.add_argument("--outcome-days", default="30", help="days in which they count (30)")
    parser.add_argument(
        "--fail-if", action="append", default=[], metavar="LIMIT", help="see below; may be repeated"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=in_project("target/what_if"),
        help="folder for the report as Markdown, JSON and HTML (target/what_if)",
    )
    parser.add_argument("--vars", default="{}", help="dbt vars as YAML (those of the last run)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    base = Path(options.base)
    options.rules, options.outcomes, options.out, base = go_to_project(
        options.rules, options.outcomes, options.out, base if base.is_dir() else None
    )
    options.base = str(base or options.base)
    return options


def _rule_sets(
    options: argparse.Namespace, scratch: Path, production: Production
) -> tuple[RuleSet, RuleSet]:
    """Both rule sets; what is wrong with either is said at once."""
    settings = production.settings

    def base() -> RuleSet:
        if Path(options.base).is_dir():
            return read_folder(Path(options.base), settings)
        return read_revision(rules_folder(), options.base, scratch, settings)

    def candidate() -> RuleSet:
        return read_folder(options.rules or rules_folder(), settings)

    found, mistakes = [], []
    for read in (base, candidate):
        try:
            found.append(read())
        except UserMistakeError as mistake:
            mistakes.append(mistake)
    if mistakes:
        raise UserMistakeError.of(mistakes)
    return found[0], found[1]


def _days(text: str | None, production: Production) -> int:
    if text is not None:
        return _whole_number("--days", text, MOST_DAYS)
    most = DAYS_OF_MANY if production.leads > MANY_LEADS else DAYS
    # From a day before which the history knows who held which stage.
    return max(DAYS_OF_MANY, min(most, (production.as_of - production.recorded_since).days))


def _whole_number(option: str, text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= most:
        raise UserMistakeError(
            option, f"a whole number from 1 to {most}", f"'{text}'", "Correct it."
        )
    return int(text)


def _notes(replay: Replay, old: Side, new: Side, outcomes: list[Outcomes]) -> list[str]:
    notes = []
    events = "int_activity_matched"
    for side in (old, new):
        if events in side.built:
            notes.append(f"All events were matched anew for {side.rules.name}.")
    matched = new.keys_built.get(events, 0)
    if matched:
        notes.append(f"Events were matched anew for {matched} conditions.")
    if replay.production.recorded_since >= replay.first:
        notes.append(
            f"The history begins on {replay.production.recorded_since}, so that nobody holds a"
            f" stage before {replay.first}, and all who qualify then enter on that day."
        )
    if replay.production.changed_vars:
        notes.append(
            "The raw tables were read anew, because of other settings than those of the last run:"
            f" {', '.join(replay.production.changed_vars)}."
        )
    if not outcomes:
        notes.append("There are no conversions to measure the scores by.")
    return notes


def _hand_over(
    report: Report, options: argparse.Namespace, console: Console, seconds: float
) -> None:
    text = json.dumps(report.as_json(), indent=2, ensure_ascii=False)
    files = write_files(report, options.out, text)
    if options.json:
        print(text)
    else:
        show(report, console)
        console.print(f"\n{seconds:.1f} s. The whole report, with charts: {files[-1]}")


if __name__ == "__main__":
    sys.exit(main())
