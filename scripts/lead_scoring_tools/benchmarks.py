"""What the benchmark measures: baselines as people write them, and the steps of the pipeline.

Each measurement is a process of its own, started by one that holds next to nothing, so that its
peak memory is its own too.
"""

import importlib.util
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import duckdb

from .dbt_runs import PROJECT
from .errors import UserMistakeError
from .run_settings import rules_folder

AS_OF, NEXT_DATE = "2026-01-31", "2026-02-01"
NEW_SHARE = 0.001
"""The share of the events that an hourly run finds new."""

THREADS = 2
FLOOR, QUERY = "floor: count events per lead", "hand-written query (DuckDB)"
LOOP = "a loop in Python"
STEPS = START_UP, FULL_BUILD, SAME_DATE, HOURLY, WEIGHT, CONDITION, NEXT = (
    "dbt's start-up (one rule file)",
    "full build",
    "the same date again, nothing new",
    "hourly run, 0.1 % new events",
    "a changed weight",
    "a changed condition",
    "first run of the next date",
)
"""What is measured of the pipeline, in this order."""

MODELS_SHOWN = 12
MEASURED_PROCESS = Path(__file__).with_name("measured_process.py")
LARGEST = {"pandas": 20_000_000, "python": 1_000_000}
"""Events up to which a baseline is measured; the loop in Python runs on a sample."""


@dataclass(frozen=True)
class Measurement:
    """How long a step took on so many events, and its largest memory."""

    name: str
    events: int
    seconds: float
    peak_megabytes: float
    rows: int
    """What it came to: leads with a score, or events that are new to a run."""
    slowest: dict[str, float] = field(default_factory=dict)
    """Of a run, the models that took longest, in seconds; two are built at a time."""


def measure_baselines(raw: Path) -> Iterator[Measurement]:
    """What people do instead; a library that is not installed is left out."""
    events = raw / "raw_events.parquet"
    count = _apart(_count, events)
    yield _baseline(FLOOR, "count_events", events, count)
    yield _baseline(QUERY, "query_duckdb", events, count)
    if _installed("polars"):
        yield _baseline("the same in Polars", "query_polars", events, count)
    if _installed("pandas") and count <= LARGEST["pandas"]:
        yield _baseline("the same in pandas", "query_pandas", events, count)
    sample = min(count, LARGEST["python"])
    loop = _baseline(f"{LOOP} over {sample:,} of them", "loop_in_python", events, sample)
    yield replace(loop, events=count)


def measure_pipeline(raw: Path, folder: Path) -> Iterator[Measurement]:
    """A first run, and the runs that follow it, each on what the one before left.

    All events but the newest 0.1 % are there at first; the hourly run finds these.
    """
    events, held_back = raw / "raw_events.parquet", folder / "all_events.parquet"
    count = _apart(_count, events)
    new = _apart(_hold_back, events, held_back)
    rules = Path(shutil.copytree(rules_folder(), folder / "rules", dirs_exist_ok=True))
    run = _Runs(folder, raw, rules, count)
    yield run.measure(START_UP, ["seed", "--select", "erasures"], AS_OF, 0)
    yield run.measure(FULL_BUILD, [], AS_OF, count - new)
    yield run.measure(SAME_DATE, [], AS_OF, 0)
    held_back.replace(events)
    yield run.measure(HOURLY, [], AS_OF, new)
    _change_weight(rules)
    yield run.measure(WEIGHT, [], AS_OF, 0)
    _change_condition(rules)
    yield run.measure(CONDITION, [], AS_OF, 0)
    yield run.measure(NEXT, [], NEXT_DATE, 0)


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "processor": platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.0f} GB",
        "system": platform.system(),
        "python": platform.python_version(),
        "duckdb": version("duckdb"),
        "dbt": version("dbt-core"),
    }


def ratios(found: list[Measurement]) -> list[tuple[Measurement, float]]:
    """Each measurement with its time as a multiple of that of the hand-written query."""
    query = next(measurement.seconds for measurement in found if measurement.name == QUERY)
    return [(measurement, measurement.seconds / query) for measurement in found]


@dataclass(frozen=True)
class _Runs:
    folder: Path
    raw: Path
    rules: Path
    events: int

    def measure(self, name: str, arguments: list[str], as_of: str, rows: int) -> Measurement:
        arguments = arguments or ["build", "--exclude-resource-type", "unit_test"]
        command = [str(Path(sys.executable).with_name("dbt")), *arguments]
        command += ["--vars", json.dumps({"as_of": as_of, "history_fill_days": 31})]
        environment = os.environ | {
            "LEAD_SCORING_RAW": str(self.raw),
            "LEAD_SCORING_SEEDS": str(self.rules),
            "LEAD_SCORING_TARGET": "duckdb",
            "LEAD_SCORING_DUCKDB": str(self.folder / "scores.duckdb"),
            "LEAD_SCORING_THREADS": str(THREADS),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "logs"),
        }
        seconds, megabytes, output = _timed(command, environment)
        return Measurement(
            name,
            self.events,
            seconds,
            megabytes,
            rows or _first_number(output),
            _slowest_models(self.folder / "target"),
        )


def _baseline(name: str, function: str, events: Path, count: int) -> Measurement:
    command = [sys.executable, "-m", "lead_scoring_tools.baselines", function, str(events)]
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "scripts")}
    seconds, megabytes, output = _timed([*command, AS_OF, str(count), str(THREADS)], environment)
    return Measurement(name, count, seconds, megabytes, _first_number(output))


def _slowest_models(target: Path) -> dict[str, float]:
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    models = {
        result["unique_id"].rpartition(".")[2]: round(result["execution_time"], 2)
        for result in results
        if result["unique_id"].startswith("model.")
    }
    return dict(sorted(models.items(), key=lambda item: -item[1])[:MODELS_SHOWN])


def _timed(command: list[str], environment: Mapping[str, str]) -> tuple[float, float, str]:
    """Seconds, peak memory in MB and output of a process that succeeds."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(MEASURED_PROCESS), *command],
        cwd=PROJECT,
        env=dict(environment),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    output, _, figures = done.stdout.rstrip("\n").rpartition("\n")
    measured = json.loads(figures)
    if measured["status"] != 0:
        raise UserMistakeError(" ".join(command)[:80], "a run that succeeds", output[-2000:])
    return measured["seconds"], measured["peak_megabytes"], output


def _apart(work: Callable[..., int], *arguments: Path) -> int:
    """Do it in a process of its own, whose memory is free again when a step is measured."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _first_number(output: str) -> int:
    text = output.strip()
    return int(text) if text.isdigit() else 0


def _installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _count(events: Path) -> int:
    row = duckdb.execute("select count(*) from read_parquet(?)", [str(events)]).fetchone()
    return int(row[0]) if row else 0


def _hold_back(events: Path, everything: Path) -> int:
    """Move all events aside and leave those that were loaded first; the number held back."""
    events.replace(everything)
    with duckdb.connect() as connection:
        source = f"read_parquet('{everything}')"
        row = connection.execute(
            f"select quantile_disc(loaded_at, {1 - NEW_SHARE}) from {source}"
        ).fetchone()
        limit = row[0] if row else None
        connection.execute(
            f"copy (from {source} where loaded_at is null or loaded_at <= '{limit}')"
            f" to '{events}' (format parquet)"
        )
    return _count(everything) - _count(events)


def _change_weight(rules: Path) -> None:
    _edit(rules, "engagement_rules.csv", "eng_demo_request,", ",32,", ",16,")


def _change_condition(rules: Path) -> None:
    _edit(rules, "engagement_rules.csv", "eng_customer_story,", "/customers/", "/customer/")


def _edit(rules: Path, name: str, row: str, old: str, new: str) -> None:
    path = next(rules.rglob(name))
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [line.replace(old, new) if line.startswith(row) else line for line in lines]
    if changed == lines:
        raise UserMistakeError(
            str(path), f"a row {row} with {old}", "none", "The benchmark needs the shipped rules."
        )
    path.write_text("".join(changed), encoding="utf-8")
