"""What a person sees whose Postgres server, role or rules are not as they should be."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from engines import Postgres, running_engine
from lead_scoring_tools import postgres_checks, postgres_server
from lead_scoring_tools.dbt_runs import DbtRun
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.templates import Templates
from pipeline import PROJECT, run_dbt, start_dbt

SCORE = [sys.executable, str(PROJECT / "scripts" / "score.py"), "--vars"]
VARS = "{as_of: 2026-01-31, raw_schema: raw_files}"
PASSWORD = "DBT_ENV_SECRET_LEAD_SCORING_POSTGRES_PASSWORD"


@pytest.fixture(scope="module")
def engine() -> Iterator[Postgres]:
    """A server with an empty table of leads, and a role that may do nothing."""
    with running_engine("postgres") as running:
        running.server.execute(
            "create schema raw_files",
            "create table raw_files.raw_leads (lead_id text)",
            "create table raw_files.raw_erasures (lead_id text)",
            "create role visitor login password 'visitor'",
            "create schema visited authorization visitor",
        )
        yield running


def score(engine: Postgres, variables: str = VARS, **environment: str | None) -> str:
    """The one line that `make score` answers with; it fails in all of these tests."""
    surroundings = os.environ | engine.environment | environment
    done = subprocess.run(
        [*SCORE, variables],
        env={name: value for name, value in surroundings.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = (done.stdout + done.stderr).strip().splitlines()
    assert line.startswith("[lead_scoring] ")
    return line


def test_a_server_that_is_missing(engine: Postgres) -> None:
    line = score(engine, LEAD_SCORING_POSTGRES_PORT="1")
    assert "Postgres at 127.0.0.1:1: expected a server that lets us in, found" in line
    assert "Connection refused" in line
    assert "LEAD_SCORING_POSTGRES_HOST" in line


def test_a_password_that_is_absent(engine: Postgres) -> None:
    line = score(engine, **{PASSWORD: None, "PGPASSFILE": "/nowhere"})
    assert "no password supplied" in line
    assert line.endswith(f"Set {PASSWORD}.")


def test_a_password_of_the_client(engine: Postgres) -> None:
    line = score(engine, "{raw_schema: elsewhere}", **{PASSWORD: None, "PGPASSWORD": "wrong"})
    assert "password authentication failed" in line
    right = {PASSWORD: None, "PGPASSWORD": engine.server.password}
    assert "found none" in score(engine, "{raw_schema: elsewhere}", **right)


def test_a_password_that_is_wrong(engine: Postgres) -> None:
    line = score(engine, **{PASSWORD: "wrong"})
    assert "password authentication failed" in line
    assert "wrong" not in line


def test_a_database_that_is_missing(engine: Postgres) -> None:
    line = score(engine, LEAD_SCORING_POSTGRES_DATABASE="elsewhere")
    assert 'database "elsewhere" does not exist' in line


def test_a_database_that_knows_ascii_only(engine: Postgres) -> None:
    engine.server.execute(
        "create database ascii encoding 'UTF8' locale_provider libc locale 'C' template template0"
    )
    line = score(engine, LEAD_SCORING_POSTGRES_DATABASE="ascii")
    assert "expected a database that compares all letters without case" in line
    assert "found Äi. Make another one" in line


def test_dbt_alone_takes_pgpassword_and_refuses_the_same(engine: Postgres, tmp_path: Path) -> None:
    engine.server.execute(
        "create database unlettered encoding 'UTF8' locale_provider libc locale 'C'"
        " template template0"
    )
    known = {name: value for name, value in engine.environment.items() if name != PASSWORD}
    known |= {
        "LEAD_SCORING_POSTGRES_DATABASE": "unlettered",
        "PGPASSWORD": engine.server.password,
        "PGPASSFILE": "/nowhere",
    }
    done = run_dbt("compile", home=tmp_path, environment=known, raw_schema="raw_files")
    assert done.returncode != 0
    (line,) = (line for line in done.stdout.splitlines() if "[lead_scoring]" in line)
    assert "expected a database that compares all letters without case" in line
    assert "found Äi. Make another one: create database unlettered encoding" in line


@pytest.mark.parametrize(
    ("number", "shown", "problem"),
    [
        (150000, "15.0", None),
        (
            140019,
            "14.19",
            "[lead_scoring] Postgres at db:5432: expected version 15 or newer, found 14.19. Upgrade"
            " the server, or name another one in LEAD_SCORING_POSTGRES_HOST and"
            " LEAD_SCORING_POSTGRES_PORT.",
        ),
    ],
)
def test_dbt_refuses_a_server_that_is_too_old(number: int, shown: str, problem: str | None) -> None:
    def answer(query: str) -> SimpleNamespace:
        return SimpleNamespace(rows=[["äi"] if "lower" in query else [number, shown]])

    templates = Templates({})
    target = SimpleNamespace(host="db", port=5432, database="leads")
    templates.environment.globals |= {"run_query": answer, "target": target}
    assert templates.macro("postgres__engine_problem")() == problem


def test_two_runs_at_once(engine: Postgres, tmp_path: Path) -> None:
    """One that starts while another builds is refused; one that is overtaken stops."""
    table = "main.lead_scoring_latest_run"
    engine.server.execute(
        "create schema main",
        f"create table {table} (is_latest boolean primary key, run_id text)",
        f"insert into {table} values (true, 'another')",
    )
    one_by_one = engine.environment | {"LEAD_SCORING_THREADS": "1"}
    options = {"home": tmp_path, "environment": one_by_one, "raw_schema": "raw_files"}

    def problem(stdout: str) -> str:
        (line,) = DbtRun(False, 0.0, stdout.splitlines(), "postgres").problems()
        return line

    with engine.server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(f"begin; select run_id from {table} for share")
        refused = run_dbt("seed", **options)
        cursor.execute("commit")
        assert refused.returncode != 0
        assert "expected that no other run writes to it, found that one does" in (
            problem(refused.stdout)
        )

        overtaken = start_dbt("seed", **options)
        while overtaken.poll() is None:
            cursor.execute(f"update {table} set run_id = 'a third' where run_id <> 'another'")
            if cursor.rowcount:
                break
            time.sleep(0.02)
        stdout, _ = overtaken.communicate()
    assert overtaken.returncode != 0
    assert "found that another one has begun since this one did" in problem(stdout)


def test_a_server_that_is_too_old(engine: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in engine.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(postgres_checks, "OLDEST_VERSION", 99)
    with pytest.raises(UserMistakeError, match="expected version 99 or newer, found 1"):
        postgres_checks.refuse_unfit_server({"raw_schema": "raw_files"})


def test_no_schema_of_raw_tables(engine: Postgres) -> None:
    assert "var raw_schema: expected the schema" in score(engine, "{}")
    line = score(engine, "{raw_schema: elsewhere}")
    assert "expected a schema elsewhere with the raw tables, found none" in line


def test_a_role_without_rights(engine: Postgres) -> None:
    """Each line says what to run, and running it leads to the next one."""
    visitor = {"LEAD_SCORING_POSTGRES_USER": "visitor", PASSWORD: "visitor"}
    line = score(engine, **visitor)
    assert "expected that visitor may create tables in schema main" in line or (
        "expected a schema main, or that visitor may create it, found neither" in line
    )
    visitor["LEAD_SCORING_POSTGRES_SCHEMA"] = "visited"
    for suffix in ("staging", "intermediate", "rules"):
        line = score(engine, **visitor)
        grant = f'create schema "visited_{suffix}" authorization "visitor";'
        assert line.endswith(f"Run as an administrator: {grant}")
        engine.server.execute(grant)
    line = score(engine, **visitor)
    assert "expected that visitor may use schema raw_files, found that it may not" in line
    engine.server.execute('grant usage on schema raw_files to "visitor"')
    for table in ("raw_leads", "raw_erasures"):
        line = score(engine, **visitor)
        assert f"expected that visitor may read raw_files.{table}, found that it may not" in line
        engine.server.execute(f'grant select on raw_files.{table} to "visitor"')


@pytest.mark.parametrize(
    "command",
    [
        ["backfill.py", "--from", "2026-01-01"],
        ["explain_lead.py", "L1"],
        ["query.py", "select 1"],
        ["what_if.py"],
    ],
    ids=lambda command: command[0],
)
def test_commands_that_need_duckdb_say_so(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "scripts" / command[0]), *command[1:]],
        env=os.environ | {"LEAD_SCORING_TARGET": "postgres"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "[lead_scoring] LEAD_SCORING_TARGET: expected duckdb for this command, found postgres."
        " docs/engines.md says what to do on other engines.\n"
    )


def test_files_are_loaded_again_under_the_views_of_a_run(engine: Postgres, tmp_path: Path) -> None:
    file = tmp_path / "raw_visits.csv"
    file.write_text("lead_id,seats\nL1,5\nL2,\n")
    engine.load(tmp_path)
    engine.server.execute("create view visits as select lead_id, seats from raw_files.raw_visits")
    file.write_text("lead_id,seats\nL3,7\n")
    engine.load(tmp_path)
    with engine.server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("select lead_id, seats from visits")
        assert cursor.fetchall() == [("L3", "7")]
    engine.server.execute("drop view visits")
    file.write_text("lead_id\nL4\n")
    engine.load(tmp_path)
    with engine.server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("select * from raw_files.raw_visits")
        assert cursor.fetchall() == [("L4",)]
    engine.server.execute("drop table raw_files.raw_visits")


def test_a_machine_without_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_server, "PLACES", ("/nowhere/*",))
    monkeypatch.setenv("PATH", "/nowhere")
    with (
        pytest.raises(postgres_server.NoPostgresError) as refused,
        postgres_server.running_postgres(),
    ):
        pass
    assert str(refused.value) == (
        "[lead_scoring] PostgreSQL: expected a server of version 15 or newer on this machine,"
        " found none. Install one, such as with apt-get install postgresql."
    )


def test_a_server_that_is_required_is_installed(without_server: Path) -> None:
    packed, place = without_server / "packed", without_server / "server"
    for program in ("initdb", "pg_ctl", "postgres"):
        write_program(packed / program, "echo 'postgres (PostgreSQL) 15.9'")
    apt_get = f'case "$*" in *install*postgresql) /bin/mv {packed} {place};; esac'
    write_program(without_server / "bin" / "apt-get", apt_get)
    with pytest.raises(postgres_server.NoPostgresError):
        postgres_server.find_programs()
    assert postgres_server.find_programs(install=True) == place


def test_an_installation_that_fails(without_server: Path) -> None:
    apt_get = "echo Reading; echo 'E: Unable to locate package' >&2; exit 100"
    write_program(without_server / "bin" / "apt-get", apt_get)
    message = (
        "[lead_scoring] apt-get: expected to install PostgreSQL, found E: Unable to locate package."
        " Install a server by hand."
    )
    with pytest.raises(postgres_server.NoPostgresError, match=re.escape(message)):
        postgres_server.find_programs(install=True)


@pytest.fixture
def without_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which we are root, and have no more programs than are written into `bin`."""
    monkeypatch.setattr(postgres_server, "PLACES", (str(tmp_path / "server"),))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def write_program(path: Path, script: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
