"""What a person sees whose Postgres server, role or rules are not as they should be."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from engines import Postgres, running_engine
from lead_scoring_tools import postgres_checks, postgres_server
from lead_scoring_tools.errors import UserMistakeError
from pipeline import PROJECT

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
    line = score(engine, **visitor)
    assert "expected that visitor may read raw_files.raw_leads, found that it may not" in line


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
