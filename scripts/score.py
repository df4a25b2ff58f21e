"""Score the leads: make demo data if there is none, run dbt build, and show who to call and why."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import generate_demo
import yaml
from lead_scoring_tools.dbt_runs import PROJECT, DbtRun, run_dbt
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.rule_files import check_rule_files
from lead_scoring_tools.summaries import show, summarise
from rich.console import Console

EXAMPLE = """example:
  python scripts/score.py
  LEAD_SCORING_RAW=exports python scripts/score.py --vars '{as_of: 2026-01-31}'
"""
DEMO = Path("data/demo")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the leads were scored."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--vars", default="{}", help="dbt vars as YAML, such as '{as_of: 2026-01-31}'"
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    options = parser.parse_args(arguments)
    os.chdir(PROJECT)
    # Without a terminal there is no width to keep to.
    width = None if sys.stdout.isatty() else 140
    console = Console(stderr=options.json, width=width, highlight=False)
    try:
        settings = _settings(options.vars)
        check_rule_files(Path(os.environ.get("LEAD_SCORING_SEEDS", "seeds")))
        settings = _with_demo(settings, console)
        run = _build(settings, console)
        if not run.succeeded:
            print("\n".join(run.problems()), file=sys.stderr)
            print(
                "[lead_scoring] The run stopped; its whole log is logs/dbt.log.",
                file=sys.stderr,
            )
            return 1
        _report(run, settings, options.json, console)
    except UserMistakeError as mistake:
        print(mistake, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("[lead_scoring] interrupted; run it again to finish.", file=sys.stderr)
        return 130
    return 0


def _settings(text: str) -> dict[str, Any]:
    try:
        settings = yaml.safe_load(text) or {}
    # A date that does not exist is a ValueError of the YAML reader.
    except (yaml.YAMLError, ValueError):
        settings = None
    if not isinstance(settings, dict):
        raise UserMistakeError(
            "--vars",
            "a YAML mapping such as '{as_of: 2026-01-31}', with dates that exist",
            repr(text),
            "Correct it, and mind the quotes.",
        )
    known = yaml.safe_load(Path("dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    unknown = [name for name in settings if name not in known]
    if unknown:
        raise UserMistakeError(
            "--vars", f"vars among {', '.join(known)}", ", ".join(unknown), "Correct the name."
        )
    return settings


def _with_demo(settings: dict[str, Any], console: Console) -> dict[str, Any]:
    """Make the demo if it is what is asked for and not there; it brings a date of its own."""
    if "LEAD_SCORING_RAW" in os.environ or settings.get("raw_schema"):
        return settings
    truth = DEMO / "truth.json"
    if not truth.exists():
        console.print(f"No data in {DEMO} yet: making a demo.")
        if generate_demo.main(["--out", str(DEMO)]) != 0:
            raise UserMistakeError(str(DEMO), "demo data", "nothing", "See the message above.")
    until = json.loads(truth.read_text())["demo"]["until"]
    return {"as_of": until} | settings


def _build(settings: dict[str, Any], console: Console) -> DbtRun:
    with console.status("dbt build") as status:
        return run_dbt(
            ["build", "--exclude-resource-type", "unit_test"],
            settings,
            on_step=lambda done, total: status.update(f"dbt build, step {done} of {total}"),
        )


def _report(run: DbtRun, settings: dict[str, Any], as_json: bool, console: Console) -> None:
    database = Path(os.environ.get("LEAD_SCORING_DUCKDB", "lead_scoring.duckdb"))
    try:
        summary = summarise(database)
    except duckdb.Error as problem:
        raise UserMistakeError(
            str(database), "the tables of this run", str(problem).splitlines()[0], "Run it again."
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
