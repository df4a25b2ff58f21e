"""Score the leads: make demo data if there is none, run dbt build, and show who to call and why."""

import json
import os
import sys
from dataclasses import asdict
from typing import Any

import duckdb
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.dbt_runs import PROJECT, DbtRun, run_dbt
from lead_scoring_tools.errors import UserMistakeError, first_line
from lead_scoring_tools.postgres_checks import refuse_unfit_server
from lead_scoring_tools.rule_checks import check_rule_files
from lead_scoring_tools.run_settings import (
    database_file,
    earlier_demo_run,
    read_vars,
    refuse_failed,
    rules_folder,
    target,
    with_demo,
    with_project_vars,
)
from lead_scoring_tools.spark_checks import refuse_unfit_spark
from lead_scoring_tools.summaries import show, summarise
from rich.console import Console

EXAMPLE = """example:
  python scripts/score.py
  LEAD_SCORING_RAW=exports python scripts/score.py --vars '{as_of: 2026-01-31}'
"""
# What an engine beside DuckDB must be fit for, before a run starts.
CHECKS = {"postgres": refuse_unfit_server, "spark": refuse_unfit_spark}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the leads were scored."""
    return run_command(score, arguments)


def score(arguments: list[str] | None) -> None:
    """Score and show the summary."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--vars", default="{}", help="dbt vars as YAML, such as '{as_of: 2026-01-31}'"
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    options = parser.parse_args(arguments)
    os.chdir(PROJECT)
    # Without a terminal there is no width to keep to.
    width = None if sys.stdout.isatty() else 140
    console = Console(stderr=options.json, width=width, highlight=False)
    settings = read_vars(options.vars)
    refuse_unfit = CHECKS.get(target())
    check_rule_files(rules_folder(), settings)
    if refuse_unfit:
        refuse_unfit(with_project_vars(settings))
        _score_elsewhere(settings, console)
        return
    settings = with_demo(settings, console)
    if earlier := earlier_demo_run(settings):
        console.print(f"First a run as of {earlier['as_of']}, so that there are changes to see.")
        refuse_failed(_build(earlier, console, "test"))
    run = _build(settings, console)
    refuse_failed(run)
    _report(run, settings, options.json, console)


def _score_elsewhere(settings: dict[str, Any], console: Console) -> None:
    run = _build(settings, console)
    refuse_failed(run)
    schema = os.environ.get(f"LEAD_SCORING_{target().upper()}_SCHEMA") or "lead_scoring"
    console.print(f"dbt build took {run.seconds:.1f} s. The tables are in schema {schema}.")


def _build(settings: dict[str, Any], console: Console, *left_out: str) -> DbtRun:
    with console.status("dbt build") as status:
        return run_dbt(
            ["build", "--exclude-resource-type", "unit_test", *left_out],
            settings,
            on_step=lambda done, total: status.update(f"dbt build, step {done} of {total}"),
        )


def _report(run: DbtRun, settings: dict[str, Any], as_json: bool, console: Console) -> None:
    database = database_file()
    try:
        summary = summarise(database)
    except duckdb.Error as problem:
        raise UserMistakeError(
            str(database), "the tables of this run", first_line(problem), "Run it again."
        ) from problem
    if as_json:
        print(json.dumps(asdict(summary) | {"seconds": round(run.seconds, 1)}, default=str))
        return
    show(summary, console)
    given = json.dumps(settings, default=str)
    console.print(f"dbt build took {run.seconds:.1f} s. The tables: {database}, schema main.")
    console.print(f"As a pipeline runs it: .venv/bin/dbt build --vars '{given}'", markup=False)


if __name__ == "__main__":
    sys.exit(main())
