"""Time what-ifs against a full build of the same demo data: a weight, a condition, a catalogue."""

import csv
import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

import generate_demo
import what_if
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.dbt_runs import run_dbt
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.places import go_to_project
from lead_scoring_tools.run_settings import refuse_failed

EXAMPLE = """example:
  python scripts/benchmark_what_if.py --leads 200000 --events 10000000 --folder /tmp/benchmark

The folder is removed afterwards, unless --keep is given; then the next run uses its data again.
"""
AS_OF = "2026-01-31"
# What changes in the shipped rules: file, row, column, new value.
CHANGES = {
    "a weight": ("engagement_rules", "eng_demo_request", "points", "16"),
    "another weight": ("engagement_rules", "eng_pricing_view", "points", "4"),
    "a condition on events": ("engagement_rules", "eng_pricing_study", "value", "90"),
    "a condition on profiles": ("fit_rules", "fit_size_ideal", "value", "200|5000"),
    "the event catalogue": ("event_catalog", "pricing_view", "is_engagement", "false"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if all was timed."""
    return run_command(benchmark, arguments)


def benchmark(arguments: list[str] | None) -> None:
    """Build once, and time a what-if of each change."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument("--leads", default="20000", help="number of leads (20000)")
    parser.add_argument("--events", default="1000000", help="number of events (1000000)")
    parser.add_argument("--folder", type=Path, help="where to work (a temporary folder)")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args(arguments)
    (folder,) = go_to_project(options.folder)
    folder = folder or Path(tempfile.mkdtemp(prefix="what_if_benchmark_"))
    try:
        _prepare(folder, options.leads, options.events)
        built = _build(folder)
        print(f"{options.leads} leads, {options.events} events; full build: {built:.0f} s")
        for change in CHANGES:
            seconds = _time_what_if(folder, change)
            print(f"{change}: {seconds:.1f} s, {seconds / built:.3f} of a full build", flush=True)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, leads: str, events: str) -> None:
    os.environ |= {
        "LEAD_SCORING_RAW": str(folder / "raw"),
        "LEAD_SCORING_TARGET": "duckdb",
        "LEAD_SCORING_DUCKDB": str(folder / "lead_scoring.duckdb"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    if (folder / "raw" / "raw_leads.parquet").exists():
        return
    arguments = ["--leads", leads, "--events", events, "--until", AS_OF]
    if generate_demo.main([*arguments, "--out", str(folder / "raw")]) != 0:
        raise UserMistakeError("demo data", "that they can be made", "see above")


def _build(folder: Path) -> float:
    """A run without the tests of the data, or what the run took that is there already."""
    took = folder / "seconds.json"
    if not took.exists():
        run = run_dbt(["build", "--exclude-resource-type", "unit_test", "test"], {"as_of": AS_OF})
        refuse_failed(run)
        took.write_text(json.dumps(run.seconds))
    return json.loads(took.read_text())


def _time_what_if(folder: Path, change: str) -> float:
    rules = _changed_rules(folder, *CHANGES[change])
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        started = time.monotonic()
        status = what_if.main(["--rules", str(rules), "--out", str(folder / "report")])
        if status != 0:
            raise UserMistakeError("what-if", "that it runs", f"status {status}")
        return time.monotonic() - started


def _changed_rules(folder: Path, file: str, row: str, column: str, value: str) -> Path:
    rules = folder / "rules"
    shutil.rmtree(rules, ignore_errors=True)
    shutil.copytree("seeds", rules)
    path = rules / "scoring" / f"{file}.csv"
    with path.open(newline="", encoding="utf-8") as source:
        lines = list(csv.DictReader(source))
    for line in lines:
        if row in line.values():
            line[column] = value
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return rules


if __name__ == "__main__":
    sys.exit(main())
