"""Compile every model for engines that no server is at hand for, and parse what comes out."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.dbt_runs import PROJECT
from lead_scoring_tools.dialects.checks import Check, check_engine
from lead_scoring_tools.dialects.engines import ENGINES
from lead_scoring_tools.errors import UserMistakeError

EXAMPLE = """example:
  .venv-dialects/bin/python scripts/check_dialects.py --engine snowflake --out target/dialects
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if everything parses."""
    return run_command(check_dialects, arguments)


def check_dialects(arguments: list[str] | None) -> None:
    """Check the engines, two at once, and report all problems of all of them."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--engine",
        action="append",
        choices=sorted(ENGINES),
        help="the engine, several times for several (all)",
    )
    parser.add_argument("--out", type=Path, help="a folder to keep what is compiled in (none)")
    parser.add_argument("--project", type=Path, default=PROJECT, help="the dbt project (this one)")
    options = parser.parse_args(arguments)
    with ThreadPoolExecutor(max_workers=2) as pool:
        names = options.engine or sorted(ENGINES)
        checks = list(pool.map(lambda name: _checked(name, options.project, options.out), names))
    problems = [problem for check in checks for problem in check.problems]
    if problems:
        raise UserMistakeError.of(problems)


def _checked(name: str, project: Path, out: Path | None) -> Check:
    check = check_engine(ENGINES[name], project.resolve(), out)
    print(f"{name}: {check.summary()}", flush=True)
    return check


if __name__ == "__main__":
    sys.exit(main())
