"""`make score` as a user meets it, and the tables that it leaves."""

import json
import os
import re
import subprocess
from pathlib import Path

import duckdb
import generate_demo
import pytest
import score as score_script
from lead_scoring_tools import dbt_vars, run_settings
from lead_scoring_tools.dbt_runs import DbtRun
from pipeline import PROJECT, run_dbt, run_script
from rich.console import Console

PUBLIC_TABLES = (
    "lead_scores",
    "lead_score_contributions",
    "scoring_rule_coverage",
    "data_quality_issues",
    "lead_score_history",
    "lead_stage_transitions",
    "sales_queue",
    "nurture_queue",
    "published_scores",
    "score_changes",
    "account_scores",
    "channel_performance",
    "content_performance",
)


def score(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_script("score.py", *arguments, home=home, raw=home / "raw", **environment)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small demo, scored once."""
    folder = tmp_path_factory.mktemp("score")
    assert generate_demo.main(["--leads", "1000", "--out", str(folder / "raw")]) == 0
    done = score(folder, "--vars", "{as_of: 2026-01-31}", "--json")
    assert done.returncode == 0, done.stderr
    (folder / "summary.json").write_text(done.stdout)
    return folder


def rows(database: Path, table: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(f"select * from {table} order by all").fetchall()


def test_the_summary_says_what_the_tables_say(home: Path) -> None:
    summary = json.loads((home / "summary.json").read_text())
    scores = rows(home / "lead_scoring.duckdb", "lead_scores")
    assert summary["as_of_date"] == "2026-01-31"
    assert summary["leads"] == len({row[0] for row in scores})
    assert sum(band["leads"] for band in summary["bands"]) == len(scores)
    best = [float(row["lead_score"]) for row in summary["best_leads"]]
    assert len(best) == 10
    assert best == sorted(best, reverse=True)
    assert all(row["top_reason_1"] and row["top_reason_2"] for row in summary["best_leads"])


def test_a_second_run_changes_nothing_whatever_the_threads(home: Path) -> None:
    before = {table: rows(home / "lead_scoring.duckdb", table) for table in PUBLIC_TABLES}
    os.environ["LEAD_SCORING_THREADS"] = "1"
    try:
        done = run_dbt(
            "build",
            "--exclude-resource-type",
            "unit_test",
            home=home,
            raw=home / "raw",
            as_of="2026-01-31",
        )
    finally:
        del os.environ["LEAD_SCORING_THREADS"]
    assert done.returncode == 0, done.stdout
    after = {table: rows(home / "lead_scoring.duckdb", table) for table in PUBLIC_TABLES}
    assert after == before


def test_public_tables_stand_in_the_default_schema_alone(home: Path) -> None:
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'main'"
        ).fetchall()
    assert {name for (name,) in tables} == set(PUBLIC_TABLES)


def test_the_queries_of_the_readme_work(home: Path) -> None:
    queries = re.findall(r"```sql\n(.*?)```", (PROJECT / "README.md").read_text(), re.DOTALL)
    assert len(queries) == 2
    some_lead = rows(home / "lead_scoring.duckdb", "lead_scores")[0][0]
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        for query in queries:
            query = re.sub(r"lead_id = '\w+'", f"lead_id = '{some_lead}'", query)
            assert connection.execute(query).fetchall(), query


def test_a_users_mistake_is_one_sentence(home: Path) -> None:
    for arguments, environment, expected in [
        (["--vars", "{as_of: "], {}, "--vars: expected a YAML mapping"),
        (["--vars", "{as_of: 2026-02-30}"], {}, "--vars: expected a YAML mapping"),
        (["--vars", "{asof: 2026-01-31}"], {}, "--vars: expected vars among as_of"),
        (["--vars", "{as_of: tomorrow}"], {}, "var as_of: expected an ISO date"),
        ([], {"LEAD_SCORING_SEEDS": str(home / "no_rules")}, "expected a folder of rule files"),
        ([], {"LEAD_SCORING_RAW": str(home / "no_data")}, "expected the leads"),
    ]:
        done = score(home, *arguments, **environment)
        assert done.returncode == 1
        lines = done.stderr.strip().splitlines()
        assert expected in lines[0]
        assert all(line.startswith("[lead_scoring]") for line in lines), lines


@pytest.mark.parametrize(
    ("engine", "said", "meant", "remedy"),
    [
        (
            "duckdb",
            'Could not write file "s.wal": No space left on device',
            "disk: expected room",
            "published last are as they were",
        ),
        (
            "duckdb",
            "Out of Memory Error: failed to allocate data",
            "memory: expected that a run manages",
            "published last are as they were",
        ),
        (
            "postgres",
            'could not extend file "base/5/16": No space left on device',
            "disk: expected room",
            "on the server",
        ),
        (
            "postgres",
            "out of memory\nDETAIL:  Failed on request of size 8192",
            "memory: expected that a run manages",
            "Lower work_mem",
        ),
        (
            "spark",
            "java.io.IOException: No space left on device",
            "disk: expected room",
            "spark.local.dir",
        ),
        (
            "spark",
            "java.lang.OutOfMemoryError: Java heap space",
            "memory: expected that a run manages",
            "LEAD_SCORING_SPARK_EXECUTOR_MEMORY",
        ),
    ],
)
def test_a_machine_that_is_too_small_is_named_in_one_sentence(
    engine: str, said: str, meant: str, remedy: str
) -> None:
    log = ["1 of 9 START sql table model", "Encountered an error:", "Runtime Error", f"  {said}"]
    (problem,) = DbtRun(succeeded=False, seconds=1.0, log=log, engine=engine).problems()
    assert problem.startswith(f"[lead_scoring] {meant}")
    assert remedy in " ".join(problem.split())
    settings_of_duckdb = ("LEAD_SCORING_DUCKDB", "LEAD_SCORING_SPILL", "LEAD_SCORING_MEMORY")
    assert any(name in problem for name in settings_of_duckdb) == (engine == "duckdb")


def test_a_mistyped_target_is_named_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LEAD_SCORING_TARGET", "sparc")
    assert score_script.main([]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "[lead_scoring] LEAD_SCORING_TARGET: expected a target of profiles.yml"
        " (duckdb, postgres, spark), found sparc. Correct it."
    ]


def test_vars_of_the_project_count_as_those_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEAD_SCORING_RAW", raising=False)
    monkeypatch.setenv("LEAD_SCORING_TARGET", "postgres")
    in_file = dbt_vars.project_vars() | {"raw_schema": "crm"}
    monkeypatch.setattr(dbt_vars, "project_vars", lambda: in_file)
    console = Console(quiet=True)
    assert run_settings.with_demo({}, console) == {}
    assert run_settings.earlier_demo_run({}) is None
    checked: list[object] = []
    monkeypatch.setattr(score_script, "CHECKS", {"postgres": checked.append})
    monkeypatch.setattr(score_script, "_score_elsewhere", lambda *_: None)
    assert score_script.main([]) == 0
    assert checked == [in_file]
