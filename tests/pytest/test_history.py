"""Runs in a row on files, as a pipeline makes them: history, backfill in steps, and deletion."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import generate_demo
import pytest
from pipeline import PROJECT, run_dbt, run_script

DAYS = ("2026-01-07", "2026-01-08", "2026-01-31")
# The tables that tell what one run changed differ by nature.
SAME_AFTER_A_BACKFILL = (
    "lead_scores",
    "lead_score_contributions",
    "lead_score_history",
    "lead_stage_transitions",
    "account_scores",
    "channel_performance",
    "content_performance",
    "nurture_queue",
)


def build(
    home: Path, as_of: str, seeds: Path | None = None, left_out: tuple[str, ...] = ("test",)
) -> None:
    done = run_dbt(
        "build",
        "--exclude-resource-type",
        "unit_test",
        *left_out,
        home=home,
        raw=home.parent / "raw",
        seeds=seeds,
        as_of=as_of,
    )
    assert done.returncode == 0, done.stdout


def run_backfill(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_script("backfill.py", *arguments, home=home, raw=home.parent / "raw")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo as CSV files."""
    folder = tmp_path_factory.mktemp("history")
    assert generate_demo.main(["--leads", "600", "--out", str(folder / "parquet")]) == 0
    (folder / "raw").mkdir()
    for file in (folder / "parquet").glob("raw_*.parquet"):
        csv = folder / "raw" / f"{file.stem}.csv"
        duckdb.execute(f"copy (from '{file}') to '{csv}' (header, dateformat '%Y-%m-%d')")
    return folder


@pytest.fixture(scope="module")
def daily(folder: Path) -> Path:
    """Runs on three dates, the last of which fills the gap before it, and tests its tables."""
    home = folder / "daily"
    home.mkdir()
    for day in DAYS[:-1]:
        build(home, day)
    build(home, DAYS[-1], left_out=())
    return home


@pytest.fixture(scope="module")
def backfilled(folder: Path) -> Path:
    """The same dates in two steps of one backfill."""
    home = folder / "backfilled"
    home.mkdir()
    done = run_backfill(
        home, "--from", DAYS[0], "--to", DAYS[-1], "--days-per-step", "13", "--vars", "{}"
    )
    assert done.returncode == 0, done.stderr
    assert "2026-01-07 to 2026-01-19 (step 1 of 2)" in done.stdout
    assert "Recorded 25 dates" in done.stdout
    return home


def rows(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_backfill_records_what_daily_runs_recorded(daily: Path, backfilled: Path) -> None:
    for table in SAME_AFTER_A_BACKFILL:
        query = f"select * from {table} order by all"
        assert rows(backfilled, query) == rows(daily, query), table
    moves = rows(daily, "select transition, count(*) from lead_stage_transitions group by all")
    assert {transition for transition, _ in moves} == {"entry", "exit"}


def test_the_queue_has_those_who_entered_since_the_last_run(daily: Path) -> None:
    entered = rows(
        daily,
        """
        select lead_id, scorecard, entered_on
        from sales_queue
        order by all
        """,
    )
    expected = rows(
        daily,
        """
        select lead_scores.lead_id, lead_scores.scorecard, max(transitions.transition_date)
        from lead_scores
        inner join lead_stage_transitions as transitions using (lead_id, scorecard)
        where
            lead_scores.is_sql and not lead_scores.is_customer
            and transitions.stage = 'sql' and transitions.transition_date > '2026-01-08'
        group by all
        order by all
        """,
    )
    assert entered == expected
    assert entered


def test_a_full_refresh_keeps_the_history(folder: Path, backfilled: Path) -> None:
    home = folder / "refreshed"
    shutil.copytree(backfilled, home)
    before = rows(home, "select * from lead_score_history order by all")
    done = run_dbt(
        "build",
        "--full-refresh",
        "--exclude-resource-type",
        "unit_test",
        "test",
        home=home,
        raw=folder / "raw",
        as_of=DAYS[-1],
    )
    assert done.returncode == 0, done.stdout
    assert rows(home, "select * from lead_score_history order by all") == before


def test_a_replay_of_an_earlier_date_leaves_the_history(folder: Path, backfilled: Path) -> None:
    home = folder / "replayed"
    shutil.copytree(backfilled, home)
    before = {
        table: rows(home, f"select * from {table} order by all")
        for table in ("lead_score_history", "lead_stage_transitions")
    }
    build(home, "2026-01-08")
    for table, expected in before.items():
        assert rows(home, f"select * from {table} order by all") == expected
    ((as_of, latest),) = rows(home, "select max(as_of_date), max(qualified_since) from lead_scores")
    assert str(as_of) == "2026-01-08"
    assert str(latest) <= "2026-01-08"


def stop_half_way(home: Path, folder: Path) -> None:
    """Leave what a backfill leaves that dies in its first step, after the history is written."""
    done = run_dbt(
        "run",
        "--select",
        "+int_score_history_recorded",
        home=home,
        raw=folder / "raw",
        as_of=DAYS[-1],
        backfill_from="2026-01-15",
        backfill_to="2026-01-20",
    )
    assert done.returncode == 0, done.stdout


def test_a_backfill_that_was_stopped_goes_on_to_where_it_would_have(
    folder: Path, backfilled: Path
) -> None:
    home = folder / "stopped"
    shutil.copytree(backfilled, home)
    history = "select * from lead_score_history order by all"
    moves = "select * from lead_stage_transitions order by all"
    before = rows(home, history), rows(home, moves)
    stop_half_way(home, folder)
    assert rows(home, "select max(score_date) from main_intermediate.int_dates_recorded") == [
        (date(2026, 1, 14),)
    ]
    again = run_backfill(home, "--from", "2026-01-15", "--to", "2026-01-16")
    assert again.returncode == 0, again.stderr
    assert "The history reaches to 2026-01-31" in again.stdout
    assert (rows(home, history), rows(home, moves)) == before


def test_a_run_after_one_that_died_fills_what_that_left(folder: Path, backfilled: Path) -> None:
    home = folder / "died"
    shutil.copytree(backfilled, home)
    moves = "select * from lead_stage_transitions order by all"
    before = rows(home, moves)
    stop_half_way(home, folder)
    build(home, DAYS[-1])
    assert rows(home, moves) == before
    assert rows(home, "select count(*) from main_intermediate.int_dates_recorded") == [(25,)]


def tables_with(home: Path, texts: list[str]) -> dict[str, set[str]]:
    """By text, the tables and views with it in a cell, of any schema and of the serving copy."""
    found: dict[str, set[str]] = {text: set() for text in texts}
    for database in (home / "lead_scoring.duckdb", home / "lead_scoring_serving.duckdb"):
        for table, text in found_in_database(database, texts):
            found[text].add(f"{database.stem}, {table}")
    return found


def found_in_database(database: Path, texts: list[str]) -> Iterator[tuple[str, str]]:
    checks = ", ".join("bool_or(contains(cells, ?))" for _ in texts)
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "select table_schema, table_name, list(column_name) from information_schema.columns"
            " where table_catalog = current_database() group by all"
        ).fetchall()
        for schema, table, names in columns:
            cells = " || '|' || ".join(
                f"""coalesce(cast("{name}" as varchar), '')""" for name in names
            )
            hits = connection.execute(
                f'select {checks} from (select {cells} as cells from "{schema}"."{table}")', texts
            ).fetchone()
            assert hits is not None
            for text, is_hit in zip(texts, hits, strict=True):
                if is_hit:
                    yield f"{schema}.{table}", text


def test_leads_that_are_gone_or_erased_are_in_no_table(folder: Path, daily: Path) -> None:
    home = folder / "erased" / "home"
    shutil.copytree(daily, home)
    shutil.copytree(folder / "raw", folder / "erased" / "raw")
    leads = [
        lead_id
        for (lead_id,) in rows(
            home,
            """
            select distinct queue.lead_id
            from lead_stage_transitions as queue
            where queue.lead_id in (select lead_id from main_staging.stg_raw__conversions)
            order by all
            limit 3
            """,
        )
    ]
    gone, listed, requested = leads
    for tables in tables_with(home, leads).values():
        assert {
            f"{database}, main.{table}"
            for database in ("lead_scoring", "lead_scoring_serving")
            for table in ("lead_score_history", "lead_stage_transitions", "published_scores")
        } <= tables
    for file in (folder / "erased" / "raw").glob("raw_*.csv"):
        lines = [line for line in file.read_text().splitlines() if gone not in line]
        file.write_text("\n".join(lines) + "\n")
    (folder / "erased" / "raw" / "raw_erasures.csv").write_text(
        f"lead_id,requested_at\n{requested},2026-01-30\n"
    )
    seeds = folder / "erased" / "seeds"
    shutil.copytree(PROJECT / "seeds" / "scoring", seeds)
    (seeds / "erasures.csv").write_text(f"lead_id,requested_on,note\n{listed},2026-01-30,by mail\n")

    build(home, DAYS[-1], seeds)

    nowhere: dict[str, set[str]] = {lead_id: set() for lead_id in leads}
    assert tables_with(home, leads) == nowhere
    removed = rows(home, "select distinct change_type, lead_id from score_changes order by all")
    assert ("removed", None) in removed

    # A later run without the rule files loaded anew must not bring anybody back.
    done = run_dbt("run", home=home, raw=folder / "erased" / "raw", seeds=seeds, as_of="2026-01-31")
    assert done.returncode == 0, done.stdout
    assert tables_with(home, leads) == nowhere


def test_a_half_loaded_table_of_leads_does_not_cost_the_history(folder: Path, daily: Path) -> None:
    home = folder / "half" / "home"
    shutil.copytree(daily, home)
    shutil.copytree(folder / "raw", folder / "half" / "raw")
    leads = folder / "half" / "raw" / "raw_leads.csv"
    leads.write_text("\n".join(leads.read_text().splitlines()[:150]) + "\n")
    before = rows(home, "select count(*) from lead_score_history")
    done = run_dbt("run", home=home, raw=folder / "half" / "raw", as_of=DAYS[-1])
    assert done.returncode == 1
    assert "[lead_scoring] raw_leads: expected most of the " in done.stdout
    assert rows(home, "select count(*) from lead_score_history") == before


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--from", "yesterday"], "--from: expected an ISO date"),
        (["--from", "2026-01-31", "--to", "2026-01-30"], "expected --from not after --to"),
        (["--from", "2026-01-31", "--to", "2026-02-30"], "--to: expected an ISO date"),
        (["--from", "2026-01-30", "--days-per-step", "0"], "--days-per-step: expected at least 1"),
        ([], "arguments: expected those of --help"),
    ],
)
def test_a_mistake_in_a_backfill_is_one_sentence(
    folder: Path, arguments: list[str], expected: str
) -> None:
    done = run_backfill(folder / "nowhere", *arguments)
    assert done.returncode == 1
    assert expected in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
