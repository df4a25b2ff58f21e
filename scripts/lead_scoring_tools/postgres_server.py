"""A PostgreSQL server for one test: a cluster in a temporary folder, on a free loopback port."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from .errors import UserMistakeError
from .postgres_checks import OLDEST_VERSION, PASSWORD

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
# Text sorts by the rules of a language, as in many databases, so that no model leans on bytes.
INITDB = ("--encoding=UTF8", "--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8")
# Nothing needs to outlive the test.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}
TYPES = {"VARCHAR": "text", "DOUBLE": "double precision", "FLOAT": "real", "BLOB": "bytea"}


class NoPostgresError(UserMistakeError):
    """There is no PostgreSQL server on this machine that could be started."""


@dataclass(frozen=True)
class PostgresServer:
    """A server that runs, with one empty database."""

    port: int
    password: str
    host: str = "127.0.0.1"
    user: str = "lead_scoring"
    database: str = "lead_scoring"

    def environment(self, schema: str = "scoring") -> dict[str, str]:
        """What dbt is told of the server."""
        return {
            "LEAD_SCORING_TARGET": "postgres",
            "LEAD_SCORING_POSTGRES_HOST": self.host,
            "LEAD_SCORING_POSTGRES_PORT": str(self.port),
            "LEAD_SCORING_POSTGRES_USER": self.user,
            "LEAD_SCORING_POSTGRES_DATABASE": self.database,
            "LEAD_SCORING_POSTGRES_SCHEMA": schema,
            PASSWORD: self.password,
        }

    @contextmanager
    def connect(self, database: str | None = None) -> Iterator[Any]:
        """A connection whose statements are committed one by one."""
        connection = self.open(database)
        try:
            yield connection
        finally:
            connection.close()

    def open(self, database: str | None = None) -> Any:
        """Such a connection, for the caller to close."""
        import psycopg2

        connection = psycopg2.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database or self.database,
        )
        connection.autocommit = True
        return connection

    def execute(self, *statements: str) -> None:
        """Run statements, each committed by itself."""
        with self.connect() as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@contextmanager
def running_postgres(install: bool = False) -> Iterator[PostgresServer]:
    """Start a server, and remove it with all its data in the end."""
    programs = find_programs(install)
    home = Path(tempfile.mkdtemp(prefix="lead_scoring_postgres_"))
    run = _runner(home)
    server = PostgresServer(_free_port(), secrets.token_urlsafe(16))
    started = False
    try:
        password_file = home / "password"
        password_file.write_text(server.password)
        password_file.chmod(0o600)
        _give_away(home)
        run(
            programs / "initdb",
            f"--pgdata={home / 'data'}",
            f"--username={server.user}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--no-sync",
            *INITDB,
        )
        options = {
            "listen_addresses": server.host,
            "port": server.port,
            "unix_socket_directories": home,
        }
        listed = " ".join(f"-c {name}={value}" for name, value in (SETTINGS | options).items())
        control = (programs / "pg_ctl", f"--pgdata={home / 'data'}", "--wait")
        run(*control, f"--log={home / 'log'}", f"--options={listed}", "start")
        started = True
        with server.connect("postgres") as connection, connection.cursor() as cursor:
            cursor.execute(f"create database {server.database}")
        yield server
    finally:
        if started:
            run(programs / "pg_ctl", f"--pgdata={home / 'data'}", "--mode=immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def find_programs(install: bool = False) -> Path:
    """The folder of the newest server's programs; one sentence if there is none."""
    found = _newest_programs()
    if found is None and install:
        _install()
        found = _newest_programs()
    if found is None:
        raise NoPostgresError(
            "PostgreSQL",
            f"a server of version {OLDEST_VERSION} or newer on this machine",
            "none",
            "Install one, such as with apt-get install postgresql.",
        )
    return found


def load_files(connection: Any, folder: Path, schema: str) -> dict[str, int]:
    """Make each raw_* file of a folder a table of the same name; CSV becomes columns of text.

    Tables that are there already get these rows instead of theirs. Returns how many rows each has.
    """
    counts = {}
    with duckdb.connect() as reader, connection.cursor() as cursor:
        cursor.execute(f"create schema if not exists {_quoted(schema)}")
        for path in sorted([*folder.glob("raw_*.parquet"), *folder.glob("raw_*.csv")]):
            if path.suffix == ".csv":
                rows = reader.read_csv(str(path), all_varchar=True)
            else:
                rows = reader.read_parquet(str(path))
            counts[path.stem] = _load(cursor, rows, f"{_quoted(schema)}.{_quoted(path.stem)}")
    return counts


def _load(cursor: Any, rows: duckdb.DuckDBPyRelation, table: str) -> int:
    columns = zip(rows.columns, rows.types, strict=True)
    listed = ", ".join(f"{_quoted(name)} {_postgres_type(str(kind))}" for name, kind in columns)
    cursor.execute("begin")
    cursor.execute(f"create temporary table wanted ({listed}) on commit drop")
    if _columns(cursor, "pg_temp.wanted") == _columns(cursor, table):
        # The views of a run before are on this table, which therefore can't be dropped.
        cursor.execute(f"truncate {table}")
    else:
        cursor.execute(f"drop table if exists {table}")
        cursor.execute(f"create table {table} ({listed})")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        rows.write_csv(str(path), header=False, na_rep="\\N")
        with path.open("rb") as file:
            cursor.copy_expert(f"copy {table} from stdin (format csv, null '\\N')", file)
    count = cursor.rowcount
    cursor.execute("commit")
    return count


def _columns(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    """Names and types of a table's columns; nothing if there is no such table."""
    cursor.execute(
        "select attname, atttypid, atttypmod from pg_attribute where attrelid = to_regclass(%s)"
        " and attnum > 0 and not attisdropped order by attnum",
        (table,),
    )
    return cursor.fetchall()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _postgres_type(kind: str) -> str:
    return TYPES.get(kind, kind.lower())


def _newest_programs() -> Path | None:
    folders = [path for place in PLACES for path in Path("/").glob(place.removeprefix("/"))]
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    versions = {
        folder: _version(folder)
        for folder in folders
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists()
    }
    good = [folder for folder, version in versions.items() if version >= OLDEST_VERSION]
    return max(good, key=lambda folder: versions[folder], default=None)


def _version(folder: Path) -> int:
    shown = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    digits = "".join(c if c.isdigit() else " " for c in shown.stdout).split()
    return int(digits[0]) if digits else 0


def _install() -> None:
    """Debian and its relatives, as root; elsewhere nothing happens, and the caller says so."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "postgresql"]):
        done = subprocess.run(
            ["apt-get", "--quiet", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            lines = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()
            raise NoPostgresError(
                "apt-get", "to install PostgreSQL", lines[-1], "Install a server by hand."
            )


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as this user."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in users), None)


def _give_away(home: Path) -> None:
    if user := _server_user():
        for path in (home, *home.iterdir()):
            shutil.chown(path, user)


def _runner(home: Path) -> Callable[..., None]:
    user = _server_user()
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}

    def run(program: Path, *arguments: str) -> None:
        # A file and no pipe: the server keeps the output of pg_ctl open.
        with (home / "output").open("w+") as output:
            done = subprocess.run(
                [program, *arguments],
                user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                extra_groups=[] if user else None,
                cwd=home,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
            output.seek(0)
            lines = output.read().strip().splitlines()
        if done.returncode != 0:
            raise NoPostgresError(
                program.name, "to succeed", lines[-1] if lines else "no message", ""
            )

    return run


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
