"""Measure what a second worker brings: models and a large roll-up on clusters of Spark."""

import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import generate_demo
from lead_scoring_tools.benchmarks import machine
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.dbt_runs import PROJECT, run_dbt
from lead_scoring_tools.engine_steps import load_into_spark
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.run_settings import refuse_failed
from lead_scoring_tools.spark_cluster import SparkCluster, running_cluster

EXAMPLE = """example:
  python scripts/benchmark_spark.py --events 1000000 --copies 30 --out target/benchmark_spark

Each worker has one core. With fewer free cores than workers and driver, they share what there is:
the seconds of wall time then say little, and those of the processor how the work is spread.
"""
AS_OF = "2026-01-31"
# As docs/performance.md has it.
EVENTS_A_LEAD = 100
# The models that read every event, and shuffle what they have read.
EVENT_MODELS = (
    "int_events_resolved",
    "int_activity_matched",
    "int_activity_days_rolled",
    "int_interests_rolled",
)
# As int_activity_days_rolled finds sessions: the events of a lead's day in order, and their sum.
ROLL_UP = """
select sum(sessions), count(*) from (
    select lead_id, event_date, sum(case when is_start then 1 else 0 end) as sessions from (
        select
            lead_id,
            event_date,
            coalesce(
                occurred_at >= lag(occurred_at) over (
                    partition by lead_id, event_date order by occurred_at
                ) + interval 30 minutes,
                true
            ) as is_start
        from (
            select concat(lead_id, '-', copies.id) as lead_id, event_date, occurred_at
            from {schema}_intermediate.int_events_resolved
            cross join range(0, {copies}, 1, 8) as copies
            where lead_id is not null
        )
    )
    group by lead_id, event_date
)
"""


TASK_END = '{"Event":"SparkListenerTaskEnd"'
LOGGING = (
    "--conf spark.eventLog.enabled=true --conf spark.eventLog.compress=false"
    " --conf spark.eventLog.dir={} pyspark-shell"
)
STEPS = ("build", "event_models", "large_roll_up")


@dataclass(frozen=True)
class Measurement:
    """Seconds on a cluster with so many workers, and what each of them computed in the build."""

    workers: int
    events: int
    build: float
    event_models: float
    large_roll_up: float
    processor: list[float]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if everything was measured."""
    return run_command(benchmark, arguments)


def benchmark(arguments: list[str] | None) -> None:
    """Measure each number of workers on the same data, one after another."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--events", type=int, default=1_000_000, help="events of the demo, roughly (1000000)"
    )
    parser.add_argument(
        "--copies", type=int, default=30, help="the roll-up reads so many times the events (30)"
    )
    parser.add_argument(
        "--full", action="store_true", help="build all models, not only those that read events"
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="(1 2)")
    parser.add_argument("--out", type=Path, help="folder for benchmark.json and benchmark.md")
    options = parser.parse_args(arguments)
    out = options.out.resolve() if options.out else None
    os.chdir(PROJECT)
    with tempfile.TemporaryDirectory(prefix="lead_scoring_benchmark_") as folder:
        home = Path(folder)
        demo = ["--leads", str(max(options.events // EVENTS_A_LEAD, 1)), "--out", str(home / "raw")]
        if generate_demo.main([*demo, "--events", str(options.events)]) != 0:
            raise UserMistakeError("demo", "data", "none", "See the message above.")
        found = []
        for workers in options.workers:
            with running_cluster(workers=workers, memory="2g") as cluster:
                found.append(_measure(cluster, home, options.copies, options.full))
            print(as_markdown(found), end="", flush=True)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        figures = {
            "machine": machine(),
            "copies": options.copies,
            "measurements": [asdict(measurement) for measurement in found],
        }
        (out / "benchmark.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        (out / "benchmark.md").write_text(as_markdown(found), encoding="utf-8")


def as_markdown(found: list[Measurement]) -> str:
    """A row for each number of workers; in brackets how many times faster than the first."""
    lines = [
        "| workers | build of these models | of that, models that read every event | large roll-up"
        " | processor, by worker |",
        "|--:|--:|--:|--:|--:|",
    ]
    first = found[0]
    for step in found:
        cells = [
            f"{getattr(step, name):.1f} s ({getattr(first, name) / getattr(step, name):.2f})"
            for name in STEPS
        ]
        cells.append(" + ".join(f"{seconds:.1f}" for seconds in step.processor) + " s")
        lines.append(f"| {step.workers} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def processor_seconds(logs: Path) -> list[float]:
    """What the tasks of each executor computed, by the logs of events that Spark has written."""
    found: dict[str, float] = {}
    for path in logs.rglob("*"):
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
            if line.startswith(TASK_END):
                event = json.loads(line)
                executor = event["Task Info"]["Executor ID"]
                nanoseconds = event.get("Task Metrics", {}).get("Executor CPU Time", 0)
                found[executor] = found.get(executor, 0.0) + nanoseconds / 1e9
    return [found[executor] for executor in sorted(found)]


def _measure(cluster: SparkCluster, home: Path, copies: int, is_full: bool) -> Measurement:
    environment = cluster.environment() | {
        "DBT_TARGET_PATH": str(home / f"target_{cluster.workers}"),
        "DBT_LOG_PATH": str(home / f"logs_{cluster.workers}"),
        # As many as make sense for the largest cluster, so that the work is cut the same way.
        "LEAD_SCORING_SPARK_PARTITIONS": "8",
        # One model at a time, so that each has the cluster for itself.
        "LEAD_SCORING_THREADS": "1",
    }
    load_into_spark(home / "raw", environment)
    logs = home / f"events_{cluster.workers}"
    logs.mkdir()
    selected = [] if is_full else ["--select", *(f"+{name}" for name in EVENT_MODELS)]
    run = run_dbt(
        ["build", "--exclude-resource-type", "unit_test", "test", *selected],
        {"as_of": AS_OF, "raw_schema": "raw"},
        environment=environment | {"PYSPARK_SUBMIT_ARGS": LOGGING.format(logs.as_uri())},
    )
    refuse_failed(run)
    results = json.loads((home / f"target_{cluster.workers}" / "run_results.json").read_text())
    took = {node["unique_id"].split(".")[-1]: node["execution_time"] for node in results["results"]}
    # A process of its own: only one at a time can open the metastore.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        events, seconds = pool.submit(_roll_up, environment, copies).result()
    return Measurement(
        cluster.workers,
        events,
        run.seconds,
        sum(took[name] for name in EVENT_MODELS),
        seconds,
        processor_seconds(logs),
    )


def _roll_up(environment: Mapping[str, str], copies: int) -> tuple[int, float]:
    """How many events there are, and the shorter of two roll-ups of as many copies of them."""
    os.environ.update(environment)
    from lead_scoring_tools.spark_session import spark_session

    schema = environment["LEAD_SCORING_SPARK_SCHEMA"]
    with spark_session() as session:
        events = session.table(f"{schema}_intermediate.int_events_resolved").count()
        seconds = []
        for _ in range(2):
            started = time.monotonic()
            session.sql(ROLL_UP.format(schema=schema, copies=copies)).collect()
            seconds.append(time.monotonic() - started)
    return events, min(seconds)


if __name__ == "__main__":
    sys.exit(main())
