"""What a Postgres server must be able to do for a run, asked before it starts."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .errors import UserMistakeError, first_line

VARIABLES = "LEAD_SCORING_POSTGRES_"
PASSWORD = "DBT_ENV_SECRET_LEAD_SCORING_POSTGRES_PASSWORD"
OLDEST_VERSION = 15
SCHEMAS = ("", "_staging", "_intermediate", "_rules")
RAW_TABLES = (
    "raw_leads",
    "raw_events",
    "raw_firmographics",
    "raw_identities",
    "raw_conversions",
    "raw_erasures",
)
# What the server or its client says, and what puts it right.
REMEDIES = {
    "no password supplied": f"Set {PASSWORD}.",
    "password authentication failed": f"Correct {VARIABLES}USER or {PASSWORD}.",
    "does not exist": f"Create it, or correct {VARIABLES}DATABASE or {VARIABLES}USER.",
    "no pg_hba.conf entry": "Let the server accept this user from here (pg_hba.conf).",
    "permission denied": "Let the role connect to the database.",
}
UNREACHABLE = f"Start the server, or correct {VARIABLES}HOST and {VARIABLES}PORT."


def refuse_unfit_server(settings: Mapping[str, Any]) -> None:
    """Refuse a server that can't be reached, is too old, or whose role lacks a right."""
    schema, role = _setting("SCHEMA", "lead_scoring"), _setting("USER", "lead_scoring")
    where = f"Postgres at {_setting('HOST', '127.0.0.1')}:{_setting('PORT', '5432')}"
    raw_schema = settings.get("raw_schema")
    if not raw_schema:
        raise UserMistakeError(
            "var raw_schema",
            "the schema that holds the raw tables",
            "nothing",
            "Pass --vars '{raw_schema: my_schema}'; only DuckDB reads files.",
        )
    with connected() as connection:
        cursor = connection.cursor()
        version, shown = _row(
            cursor,
            "select cast(current_setting('server_version_num') as integer),"
            " current_setting('server_version')",
        )
        if version < OLDEST_VERSION * 10000:
            raise UserMistakeError(
                where,
                f"version {OLDEST_VERSION} or newer",
                shown,
                f"Upgrade the server, or name another one in {VARIABLES}HOST and {VARIABLES}PORT.",
            )
        (lower,) = _row(cursor, "select lower('ÄI')")
        if lower != "äi":
            raise UserMistakeError(
                where,
                "a database that compares all letters without case (lower('ÄI') = 'äi')",
                lower,
                "Make another one: create database … encoding 'UTF8' locale 'C.UTF-8'"
                " template template0",
            )
        _refuse_missing_schemas(cursor, where, role, schema)
        _refuse_unreadable_tables(cursor, where, role, str(raw_schema), settings)


@contextmanager
def connected() -> Iterator[Any]:
    """A connection to the server that the environment names; each statement is committed."""
    connection = _connect()
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def _setting(name: str, default: str) -> str:
    return os.environ.get(VARIABLES + name) or default


def _connect() -> Any:
    host, port = _setting("HOST", "127.0.0.1"), _setting("PORT", "5432")
    try:
        import psycopg2
    except ImportError as problem:
        raise UserMistakeError(
            "dbt-postgres",
            "to be installed",
            "no psycopg2",
            "Run make .venv/.postgres.",
        ) from problem
    try:
        return psycopg2.connect(
            host=host,
            port=port,
            user=_setting("USER", "lead_scoring"),
            # As in profiles.yml; without any, the driver looks into .pgpass.
            password=os.environ.get(PASSWORD) or os.environ.get("PGPASSWORD"),
            dbname=_setting("DATABASE", "lead_scoring"),
            connect_timeout=10,
        )
    except psycopg2.Error as problem:
        said = first_line(problem)
        remedy = next((text for sign, text in REMEDIES.items() if sign in said), UNREACHABLE)
        raise UserMistakeError(
            f"Postgres at {host}:{port}",
            "a server that lets us in",
            said.split(": ", 1)[-1],
            remedy,
        ) from problem


def _refuse_missing_schemas(cursor: Any, where: str, role: str, schema: str) -> None:
    """The role must own what dbt writes to, or be allowed to make it."""
    (may_create,) = _row(cursor, "select has_database_privilege(current_database(), 'create')")
    for name in (schema + suffix for suffix in SCHEMAS):
        found = _row(
            cursor,
            "select has_schema_privilege(oid, 'create') from pg_namespace where nspname = %s",
            name,
        )
        if found and not found[0]:
            raise UserMistakeError(
                where,
                f"that {role} may create tables in schema {name}",
                "that it may not",
                f'Run as its owner: grant usage, create on schema "{name}" to "{role}";',
            )
        if not found and not may_create:
            raise UserMistakeError(
                where,
                f"a schema {name}, or that {role} may create it",
                "neither",
                f'Run as an administrator: create schema "{name}" authorization "{role}";',
            )


def _refuse_unreadable_tables(
    cursor: Any, where: str, role: str, schema: str, settings: Mapping[str, Any]
) -> None:
    names = dict(settings.get("raw_tables") or {})
    usage = _row(
        cursor,
        "select has_schema_privilege(oid, 'usage') from pg_namespace where nspname = %s",
        schema,
    )
    if usage is None:
        raise UserMistakeError(
            where,
            f"a schema {schema} with the raw tables",
            "none",
            "Load them, or name another schema: --vars '{raw_schema: my_schema}'",
        )
    grant = f'grant usage on schema "{schema}" to "{role}";'
    grant += f' grant select on all tables in schema "{schema}" to "{role}";'
    if not usage[0]:
        raise UserMistakeError(
            where, f"that {role} may use schema {schema}", "that it may not", f"Run: {grant}"
        )
    for table in (names.get(name, name) for name in RAW_TABLES):
        readable = _row(
            cursor,
            "select has_table_privilege(pg_class.oid, 'select') from pg_class"
            " join pg_namespace on pg_namespace.oid = relnamespace"
            " where nspname = %s and relname = %s",
            schema,
            table,
        )
        if readable and not readable[0]:
            raise UserMistakeError(
                where, f"that {role} may read {schema}.{table}", "that it may not", f"Run: {grant}"
            )


def _row(cursor: Any, query: str, *values: str) -> Any:
    cursor.execute(query, values)
    return cursor.fetchone()
