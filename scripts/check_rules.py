"""Check the rule files before a run does: every mistake with its file and line, in one go.

Errors make a run stop, and this command fail. Warnings are about what is legal and probably wrong.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from lead_scoring_tools.command_line import Parser, run
from lead_scoring_tools.dbt_vars import read_vars, rules_folder
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.rule_checks import check_rules
from lead_scoring_tools.rule_problems import ERROR, WARNING, Problem
from lead_scoring_tools.templates import PROJECT

EXAMPLE = """examples:
  python scripts/check_rules.py
  python scripts/check_rules.py --rules my_rules --vars '{lead_fields: {seats: number}}'
  python scripts/check_rules.py --strict --json
"""


class RefusedRulesError(UserMistakeError):
    """The rules have problems, each of which has been printed."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the rules can be used."""
    return run(_check, arguments)


def _check(arguments: list[str] | None) -> None:
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--rules",
        type=Path,
        help="folder of the rule files (default: LEAD_SCORING_SEEDS, or seeds of the project)",
    )
    parser.add_argument("--vars", default="{}", help="dbt vars as YAML, if a run has any")
    parser.add_argument("--strict", action="store_true", help="fail on warnings too")
    parser.add_argument("--json", action="store_true", help="print the problems as JSON")
    options = parser.parse_args(arguments)
    settings = read_vars(options.vars)
    folder = options.rules
    if folder is None:
        # As dbt does, which is run in the folder of the project.
        os.chdir(PROJECT)
        folder = rules_folder()
    problems = check_rules(folder, settings)
    errors = [problem for problem in problems if problem.severity == ERROR]
    warnings = [problem for problem in problems if problem.severity == WARNING]
    if options.json:
        print(json.dumps([_as_json(problem) for problem in problems], indent=2))
    else:
        for problem in problems:
            print(problem)
        print(_summary(folder, len(errors), len(warnings)))
    if errors or (options.strict and warnings):
        raise SystemExit(1)


def _as_json(problem: Problem) -> dict[str, object]:
    return asdict(problem) | {"message": str(problem)}


def _summary(folder: Path, errors: int, warnings: int) -> str:
    if errors:
        return f"{_count(errors, 'error')} in {folder}; a run would stop before it scores anything."
    if warnings:
        return f"No errors and {_count(warnings, 'warning')} in {folder}; a run would go on."
    return f"No errors and no warnings in {folder}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
