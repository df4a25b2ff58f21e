"""Raw files as they come: other line ends, broken lines, and typed columns of every kind."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pipeline import DBT, PROJECT, dbt_environment, run_dbt
from reference.world import LEAD_FIELDS

TEXT_FILES = {
    "raw_leads.csv": b"email,lead_id\r\na@x.example,L1\r\nb@x.example,L2\r\n",
    "raw_firmographics.csv": b'\xef\xbb\xbfaccount_id,industry\r\nA1,Software\r\nA2,5" pipes\r\n',
    "raw_events.csv": (
        b"event_id,event_type,occurred_at,lead_id\n"
        b"E1,page_view,2026-01-30,L1\r\n"
        b'E2,page_view,2026-01-30,"L1"\n'
        b"E3,page_view,2026-01-30\n"
    ),
    "raw_identities.csv": b'anonymous_id,lead_id\nv1,L1\nv2,"L2\nv3,L1\nv4,L1\n',
    "raw_conversions.csv": (
        b"lead_id,conversion_type,converted_at\n"
        b"L1,purchase,2026-01-02\n"
        b"L2,purchase,2026-01-02,more\n"
        b"L2,purchase,\n"
        b"L2,,2026-01-02\n"
    ),
}


def build(home: Path, *arguments: str, **settings: Any) -> duckdb.DuckDBPyConnection:
    done = run_dbt(
        "build",
        "--exclude-resource-type",
        "unit_test",
        "test",
        *arguments,
        home=home,
        raw=home / "raw",
        as_of="2026-01-31",
        **settings,
    )
    assert done.returncode == 0, done.stdout
    return duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True)


@pytest.fixture(scope="module")
def text_files(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    home = tmp_path_factory.mktemp("text")
    (home / "raw").mkdir()
    for name, content in TEXT_FILES.items():
        (home / "raw" / name).write_bytes(content)
    return build(home)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("stg_raw__leads", [("L1",), ("L2",)]),
        ("stg_raw__accounts", [("A1",), ("A2",)]),
        ("stg_raw__events", [("L1",), ("L1",)]),
    ],
)
def test_line_ends_of_any_kind_are_read(
    text_files: duckdb.DuckDBPyConnection, table: str, expected: list[tuple]
) -> None:
    column = "account_id" if "accounts" in table else "lead_id"
    query = f"select {column} from main_staging.{table} order by 1"
    assert text_files.execute(query).fetchall() == expected


def test_what_broken_lines_lose_is_counted(text_files: duckdb.DuckDBPyConnection) -> None:
    found = text_files.execute(
        "select table_name, issue, affected_rows from data_quality_issues"
        " where issue in ('broken_line', 'unknown_converted_at', 'unknown_conversion_type')"
    ).fetchall()
    assert set(found) == {
        ("raw_events", "broken_line", 1),
        ("raw_identities", "broken_line", 2),
        ("raw_conversions", "broken_line", 1),
        ("raw_conversions", "unknown_converted_at", 1),
        ("raw_conversions", "unknown_conversion_type", 1),
    }


@pytest.fixture(scope="module")
def typed_files(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    home = tmp_path_factory.mktemp("typed")
    raw = home / "raw"
    raw.mkdir()
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, query in {
            "raw_leads": (
                "select cast('00000000-0000-0000-0000-00000000000' || i as uuid) as lead_id,"
                " 7 as account_id, timestamptz '2025-01-01 00:00:00+02' as created_at,"
                " timestamp_ns '2025-01-05 00:00:00' as updated_at,"
                " cast(5 as decimal(10, 2)) as seats, i = 1 as is_vip, ['a', 'B '] as interests,"
                " cast(i - 1 as double) as is_deleted from range(1, 3) as numbers (i)"
            ),
            "raw_firmographics": (
                "select 7 as account_id, ['Snowflake', 'dbt'] as technologies,"
                " 300 as employee_count, date '2025-01-01' as updated_at, 20 as industry"
            ),
            "raw_events": (
                "select i as event_id, '00000000-0000-0000-0000-000000000001' as lead_id,"
                " 'page_view' as event_type, case when i = 0 then timestamp '-infinity'"
                " else timestamp '2026-01-31 10:00:00' end as occurred_at,"
                " interval 5 second as duration_seconds from range(3) as numbers (i)"
            ),
        }.items():
            connection.execute(f"copy ({query}) to '{raw / name}.parquet' (format parquet)")
    fields = LEAD_FIELDS | {"seats": "number", "is_vip": "boolean", "interests": "list"}
    return build(home, lead_fields=fields)


def test_typed_columns_are_read(typed_files: duckdb.DuckDBPyConnection) -> None:
    [row] = typed_files.execute(
        "select lead_id, account_id, field_seats, field_is_vip, field_interests,"
        " field_technologies, field_industry, cast(created_at as varchar)"
        " from main_intermediate.int_profiles_joined"
    ).fetchall()
    assert row == (
        "00000000-0000-0000-0000-000000000001",
        "7",
        5.0,
        True,
        "|a|b|",
        "|snowflake|dbt|",
        "20",
        "2024-12-31 22:00:00",
    )


def test_typed_cells_that_cannot_be_read_are_counted(
    typed_files: duckdb.DuckDBPyConnection,
) -> None:
    found = typed_files.execute(
        "select table_name, issue, affected_rows from data_quality_issues"
    ).fetchall()
    assert set(found) == {
        ("raw_leads", "deleted", 1),
        ("raw_events", "unknown_occurred_at", 1),
        ("raw_events", "unreadable_number", 3),
    }


@pytest.fixture
def folder_of_the_project() -> Iterator[Path]:
    """A folder below that of the project, where git looks at nothing."""
    (PROJECT / "target").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PROJECT / "target") as folder:
        yield Path(folder)


def test_relative_paths_start_at_the_project_wherever_the_command_is_typed(
    folder_of_the_project: Path, tmp_path: Path
) -> None:
    leads = folder_of_the_project / "raw_leads.csv"
    leads.write_text("lead_id\nL1\n", encoding="utf-8")
    relative = folder_of_the_project.relative_to(PROJECT)
    environment = dbt_environment(tmp_path / "home", relative) | {
        "LEAD_SCORING_DUCKDB": str(relative / "scores.duckdb")
    }

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(
        *(DBT, "build", "--exclude-resource-type", "unit_test", "test"),
        *("--select", "+stg_raw__leads", "--project-dir", PROJECT, "--profiles-dir", PROJECT),
    )
    query = "select lead_id from main_staging.stg_raw__leads"
    assert "L1" in run(sys.executable, PROJECT / "scripts" / "query.py", query)
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    # Wherever a reader of the database is.
    database = folder_of_the_project / "scores.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set file_search_path = '/'")
        assert connection.execute(query).fetchall() == [("L1",)]


def test_a_visitor_whose_last_lead_is_erased_is_nobody_s(tmp_path: Path) -> None:
    """And not that of the lead before; the links go from the copy of the file afterwards."""
    (tmp_path / "raw").mkdir()
    for name, content in {
        "raw_leads.csv": "lead_id\nL1\nL2\n",
        "raw_events.csv": "event_id,event_type,occurred_at,anonymous_id\nE,visit,2026-01-30,v\n",
        "raw_identities.csv": "anonymous_id,lead_id,linked_at\nv,L1,2026-01-01\nv,L2,2026-01-02\n",
        "raw_erasures.csv": "lead_id\nL2\n",
    }.items():
        (tmp_path / "raw" / name).write_text(content)
    with build(tmp_path, "--select", "+int_events_resolved") as connection:
        stored = "select event_id, lead_id from main_intermediate.int_events_resolved"
        assert connection.execute(stored).fetchall() == [("E", None)]
        links = "select lead_id from raw_files.raw_identities"
        assert connection.execute(links).fetchall() == [("L1",)]
