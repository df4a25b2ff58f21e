"""Measure what a run costs, beside what people do instead, on demo data of several sizes."""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from itertools import chain
from pathlib import Path

from lead_scoring_tools.benchmark_reports import as_markdown, draw
from lead_scoring_tools.benchmarks import (
    QUERY,
    STEPS,
    Measurement,
    machine,
    measure_baselines,
    measure_pipeline,
    ratios,
)
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.dbt_runs import PROJECT
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.rule_checks import check_rule_files
from lead_scoring_tools.run_settings import rules_folder
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

EXAMPLE = """examples:
  python scripts/benchmark.py --events 1000000
  python scripts/benchmark.py --events 1000000 10000000 --out target/benchmark
"""
EVENTS_PER_LEAD = 100


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if everything was measured."""
    return run_command(benchmark, arguments)


def benchmark(arguments: list[str] | None) -> None:
    """Measure each size: the baselines first, then the steps of the pipeline."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--events", type=int, nargs="+", default=[1_000_000], help="sizes (1000000)"
    )
    parser.add_argument("--folder", type=Path, help="where to work (a new temporary folder)")
    parser.add_argument(
        "--out",
        type=Path,
        help="folder for benchmark.json, benchmark.md and benchmark.svg; sizes in it are kept",
    )
    parser.add_argument("--last", choices=STEPS, default=STEPS[-1], help="stop after this step")
    options = parser.parse_args(arguments)
    if min(options.events) < 100_000:
        raise UserMistakeError("--events", "at least 100000", min(options.events), "Raise it.")
    check_rule_files(rules_folder(), {})
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="lead_scoring_benchmark_"))
    folder = folder.absolute()
    measured: list[Measurement] = []
    try:
        for events in options.events:
            of_size: list[Measurement] = []
            for measurement in _measure_size(events, folder / str(events), console):
                of_size.append(measurement)
                if options.out and any(step.name == QUERY for step in of_size):
                    _write(measured + of_size, options.out)
                if measurement.name == options.last:
                    break
            console.print(_table(of_size))
            measured += of_size
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    if options.out:
        console.print(f"Figures, table and chart: {options.out}")


def _write(found: list[Measurement], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = [*_of_other_sizes(found, folder / "benchmark.json"), *found]
    figures = {"machine": machine(), "measurements": [asdict(step) for step in found]}
    (folder / "benchmark.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    (folder / "benchmark.md").write_text(as_markdown(found, machine()), encoding="utf-8")
    if importlib.util.find_spec("matplotlib"):
        draw(found, folder / "benchmark.svg")


def _of_other_sizes(found: list[Measurement], path: Path) -> list[Measurement]:
    """What was measured before on this machine, of the sizes that are not measured now."""
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if before.get("machine") != machine():
        return []
    sizes = {step.events for step in found}
    steps = [Measurement(**step) for step in before["measurements"]]
    return [step for step in steps if step.events not in sizes]


def _measure_size(events: int, folder: Path, console: Console) -> Iterator[Measurement]:
    console.print(f"{events:,} events of {events // EVENTS_PER_LEAD:,} leads")
    raw = folder / "raw"
    # In a process of its own, for the peak memory of a process is at least that of its parent.
    generator = [sys.executable, str(PROJECT / "scripts" / "generate_demo.py"), "--out", str(raw)]
    sizes = ["--leads", str(events // EVENTS_PER_LEAD), "--events", str(events)]
    if subprocess.run([*generator, *sizes], check=False).returncode != 0:
        raise UserMistakeError("demo data", "data to measure on", "nothing", "See above.")
    for measurement in chain(measure_baselines(raw), measure_pipeline(raw, folder)):
        console.print(f"  {measurement.name}: {measurement.seconds:.2f} s")
        yield measurement


def _table(found: list[Measurement]) -> Table:
    table = Table("step", "seconds", "to the query", "peak memory", "rows", box=SIMPLE)
    for measurement, ratio in ratios(found):
        table.add_row(
            measurement.name,
            f"{measurement.seconds:.2f}",
            f"{ratio:.2f}",
            f"{measurement.peak_megabytes:,.0f} MB",
            f"{measurement.rows:,}",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
