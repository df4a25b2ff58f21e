"""A DuckDB connection on which the same SQL runs on new rows again and again."""

import re
from contextlib import suppress
from typing import Any

import duckdb

CREATE_AS = re.compile(r"create (?:or replace )?(temp )?(?:table|view) (\S+) as (.*)", re.DOTALL)
CREATE = re.compile(r"create (?:or replace )?table (\S+) (\(.*\))", re.DOTALL)
DROP = re.compile(r"drop table (\S+)")


class PlannedOnce:
    """Keeps tables, and the plans of what fills them, for the next session.

    On a few rows nearly all the time of a query goes into its plan. So a statement `create table
    … as …` is prepared as an insert, and the table of that name stays. To a session only what it
    has created itself exists. Views are tables here.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self.connection = connection or duckdb.connect()
        if not connection:
            self.connection.execute("attach ':memory:' as lead_scoring; use lead_scoring")
            self.connection.execute("set threads = 1; set TimeZone = 'UTC'")
        # Plans are made on other rows than they meet, whose numbers they must not rely on.
        self.connection.execute("set disabled_optimizers = 'statistics_propagation'")
        self.kept: dict[str, str] = {}
        self.created: set[str] = set()
        self.prepared: dict[str, str] = {}

    def begin_session(self) -> None:
        """Nothing exists yet, and nothing is left of the session before."""
        with suppress(duckdb.TransactionException):
            self.connection.execute("rollback")
        for table in self.kept:
            self.connection.execute(f"delete from {table}")
        self.created.clear()

    def exists(self, table: str) -> bool:
        return table in self.created

    def execute(self, sql: str, is_repeated: bool = True) -> duckdb.DuckDBPyConnection:
        """Run a statement; one that is not repeated is planned each time."""
        if created := CREATE_AS.fullmatch(sql):
            temp, table, query = created.groups()
            self._fill(table, query, temp or "", is_repeated)
        elif created := CREATE.fullmatch(sql):
            self._empty(*created.groups())
        elif dropped := DROP.fullmatch(sql):
            self.created.discard(dropped[1])
        else:
            return self.connection.execute(sql)
        return self.connection

    def append(self, table: str, added: str) -> None:
        self.connection.execute(f"insert into {table} by name select * from {added}")

    def _fill(self, table: str, query: str, temp: str, is_repeated: bool) -> None:
        self.created.add(table)
        if table not in self.kept:
            self.connection.execute(f"create {temp}table {table} as {query}")
            self.kept[table] = query
            return
        self.connection.execute(f"delete from {table}")
        insert = f"insert into {table} by name {query}"
        if not is_repeated:
            self.connection.execute(insert)
            return
        # One with parameters would be planned each time, so each text has a statement of its own.
        if insert not in self.prepared:
            name = f"statement_{len(self.prepared)}"
            self.connection.execute(f"prepare {name} as {insert}")
            self.prepared[insert] = name
        self.connection.execute(f"execute {self.prepared[insert]}")

    def _empty(self, table: str, columns: str) -> None:
        self.created.add(table)
        if self.kept.get(table) == columns:
            self.connection.execute(f"delete from {table}")
        else:
            self.connection.execute(f"create or replace table {table} {columns}")
            self.kept[table] = columns


def literal(cell: Any) -> str:
    """A cell as text in SQL; what is blank is null. Parameters would take twenty times as long."""
    if not cell:
        return "null"
    text = str(cell).replace("'", "''").replace("\0", "' || chr(0) || '")
    return f"'{text}'"
