"""What the benchmark compares is the same question, and its steps change what they say."""

import json
import os
import sys
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import benchmark
import benchmark_spark
import duckdb
import generate_demo
import pytest
from lead_scoring_tools import baselines, benchmarks
from lead_scoring_tools.benchmark_reports import as_markdown, draw
from lead_scoring_tools.benchmarks import QUERY, Measurement, ratios
from lead_scoring_tools.errors import UserMistakeError

AS_OF = date(2026, 1, 31)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark") / "raw"
    assert generate_demo.main(["--leads", "300", "--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("function", ["query_duckdb", "query_polars", "query_pandas"])
def test_queries_score_the_leads_that_the_loop_scores(raw: Path, function: str) -> None:
    library = function.removeprefix("query_")
    pytest.importorskip(library)
    events = str(raw / "raw_events.parquet")
    expected = baselines.loop_in_python(events, AS_OF, 10**9, 1)
    assert expected > 100
    assert baselines.BASELINES[function](events, AS_OF, 0, 1) == expected


def test_the_newest_events_are_held_back(raw: Path, tmp_path: Path) -> None:
    events, everything = tmp_path / "events.parquet", tmp_path / "all.parquet"
    events.write_bytes((raw / "raw_events.parquet").read_bytes())
    count = benchmarks._count(events)
    new = benchmarks._hold_back(events, everything)
    assert 0 < new <= count * 0.002
    assert benchmarks._count(events) + new == benchmarks._count(everything) == count
    with duckdb.connect() as connection:
        (overlap,) = connection.execute(
            "select count(*) from read_parquet($all) as held"
            " where loaded_at < (select max(loaded_at) from read_parquet($kept))"
            " and event_id not in (select event_id from read_parquet($kept))",
            {"all": str(everything), "kept": str(events)},
        ).fetchone()
    assert overlap == 0


def test_the_peak_memory_is_that_of_the_process_alone() -> None:
    """Whatever the benchmark itself holds meanwhile, or has held."""
    held = b"x" * 300_000_000
    small, large = (
        benchmarks._timed([sys.executable, "-S", "-c", f"print(len(b'x' * {size}))"], os.environ)
        for size in (7, 200 * 1024**2)
    )
    assert len(held) == 300_000_000
    assert (small[2].strip(), large[2].strip()) == ("7", "209715200")
    assert small[1] < 60
    assert 195 < large[1] - small[1] < 205


def test_a_measured_process_that_fails_is_refused() -> None:
    failing = [sys.executable, "-S", "-c", "print('no room'); raise SystemExit(3)"]
    with pytest.raises(UserMistakeError, match="expected a run that succeeds, found no room"):
        benchmarks._timed(failing, os.environ)


def test_times_are_given_as_multiples_of_the_query() -> None:
    found = [Measurement(QUERY, 1000, 2.0, 10.0, 5), Measurement("full build", 1000, 9.0, 10.0, 5)]
    assert [ratio for _, ratio in ratios(found)] == [1.0, 4.5]


MEASURED = [
    Measurement(QUERY, 1000, 2.0, 10.0, 5),
    Measurement("full build", 1000, 9.0, 1234.0, 5, {"int_events_resolved": 3.25}),
    Measurement(QUERY, 10_000, 20.0, 10.0, 5),
]


def test_the_table_says_on_what_it_was_measured() -> None:
    table = as_markdown(MEASURED, {"cores": "2"})
    assert table.startswith("Measured on cores 2.")
    assert "| full build | 9.0 | 4.50 | 1,234 MB |" in table
    assert "`int_events_resolved` 3.2" in table
    assert table.index("**1,000 events**") < table.index("**10,000 events**")


def test_the_chart_has_a_line_for_each_step(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    path = tmp_path / "chart.svg"
    draw(MEASURED, path)
    chart = path.read_text()
    assert chart.count("<!-- full build -->") == 1 and f"<!-- {QUERY} -->" in chart


def test_sizes_measured_before_are_kept(tmp_path: Path) -> None:
    small = [step for step in MEASURED if step.events == 1_000]
    large = [step for step in MEASURED if step.events == 10_000]
    again = [replace(step, seconds=step.seconds * 2) for step in large]
    for steps in (small, large, again):
        benchmark._write(steps, tmp_path)
    written = json.loads((tmp_path / "benchmark.json").read_text())["measurements"]
    assert written == [asdict(step) for step in small + again]


def test_too_few_events_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmark.main(["--events", "5"]) == 1
    assert "--events: expected at least 100000, found 5" in capsys.readouterr().err


def test_the_table_of_spark_says_how_many_times_faster_more_workers_are() -> None:
    one = benchmark_spark.Measurement(1, 1000, 100.0, 80.0, 40.0, [60.0])
    two = benchmark_spark.Measurement(2, 1000, 80.0, 40.0, 50.0, [29.96, 31.0])
    assert benchmark_spark.as_markdown([one, two]).splitlines()[2:] == [
        "| 1 | 100.0 s (1.00) | 80.0 s (1.00) | 40.0 s (1.00) | 60.0 s |",
        "| 2 | 80.0 s (1.25) | 40.0 s (2.00) | 50.0 s (0.80) | 30.0 + 31.0 s |",
    ]


def test_what_each_worker_computed_is_read_from_the_log_of_spark(tmp_path: Path) -> None:
    def ended(executor: str, nanoseconds: int) -> str:
        info, metrics = {"Executor ID": executor}, {"Executor CPU Time": nanoseconds}
        event = {"Event": "SparkListenerTaskEnd", "Task Info": info, "Task Metrics": metrics}
        return json.dumps(event, separators=(",", ":"))

    (tmp_path / "eventlog").mkdir()
    other = '{"Event":"SparkListenerJobStart","Job ID":0}'
    lines = [ended("1", 2_000_000_000), other, ended("0", 500_000_000), ended("1", 1_000_000_000)]
    (tmp_path / "eventlog" / "events_1").write_text("\n".join(lines) + "\n")
    assert benchmark_spark.processor_seconds(tmp_path) == [0.5, 3.0]
