"""Score rule sets beside production, building only what their rules change.

A table whose inputs are all those of production, or of the other rule set, is that one's table and
is not built. Of a table with rows per condition or rule, only the rows of changed ones are; of one
with rows per lead, only those of leads for which a rule gives something else.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from .compiled_models import KEPT_MODELS, LEFT_OUT_MODELS, CompiledModels, Model
from .dependencies import (
    COMPARED_MODELS,
    DATES,
    EVERYTHING,
    KEYED_MODELS,
    LAZY_MODELS,
    LEAD_MODELS,
    NO_RULES,
    PARTS_READ,
    RESOLVED_EVENTS,
    RULES_OF_EVENTS,
    SORTED_MODELS,
    UNREPLAYED_MODELS,
    Part,
)
from .productions import Production
from .rule_sets import RuleSet

Connection = duckdb.DuckDBPyConnection
Report = Callable[[str], None]


@dataclass
class Touched:
    """The leads whose rows differ from those of another rule set."""

    leads: str
    """A table of their ids."""
    tables: set[str] = field(default_factory=set)
    """The tables that hold the same rows as those of the other for all other leads."""


@dataclass
class Side:
    """A rule set, the database in which it is scored, and what is the same in other databases."""

    database: str
    rules: RuleSet
    file: Path
    """Of the database."""
    same: dict[str, set[str]] = field(default_factory=dict)
    """By database, the tables whose content is that of its tables."""
    partly_same: dict[str, set[str]] = field(default_factory=dict)
    """By database, the tables of which that holds for the keys that mean the same."""
    touched: dict[str, Touched] = field(default_factory=dict)
    """By the database of another rule set, who differs from it."""
    rows_built: dict[str, tuple[str, str]] = field(default_factory=dict)
    """For each table that was built for some leads, the tables of those rows and of the leads."""
    built: list[str] = field(default_factory=list)
    keys_built: dict[str, int] = field(default_factory=dict)
    """For each table that was built in part, of how many keys the rows were."""


class Replay:
    """The databases of production and of the rule sets, in one connection."""

    def __init__(
        self,
        connection: Connection,
        models: CompiledModels,
        production: Production,
        days: int,
        scratch: Path,
    ) -> None:
        self.connection, self.models, self.production = connection, models, production
        self.days, self.scratch = days, scratch
        self.first = production.as_of - timedelta(days=days - 1)
        self.sides: list[Side] = []
        self.by_name = {model.name: model for model in models.models}

    def add_side(self, database: str, rules: RuleSet, file: Path) -> Side:
        """A database for a rule set, with its rule files."""
        path = str(file).replace("'", "''")
        self.connection.execute(f"""attach '{path}' as "{database}" """)
        schemas = [model.schema for model in self.models.models]
        for schema in dict.fromkeys([*schemas, self.production.raw_schema]):
            self.connection.execute(f'create schema if not exists "{database}"."{schema}"')
        for table in self.production.raw_tables:
            relation = f'"{self.production.raw_schema}"."{table}"'
            self._make_view(database, relation, f"select * from {self._at_production(relation)}")
        side = Side(database, rules, file)
        for other in [other.database for other in self.sides] + [self.production.database]:
            side.same[other], side.partly_same[other] = set(), set()
        self.sides.append(side)
        for model in self.models.models:
            if model.is_rule_file:
                self._add(side, model)
        return side

    def score(self, side: Side, report: Report) -> None:
        """Build the tables of scores of a side."""
        waiting = [model for model in self.models.models if not model.is_rule_file]
        for number, model in enumerate(waiting, start=1):
            report(f"{model.name} ({number} of {len(waiting)})")
            self._add(side, model)

    def relation(self, side: Side, name: str) -> str:
        """A table of a side, for use in a query."""
        return f'"{side.database}".{self.by_name[name].relation}'

    def sql(self, side: Side, name: str, as_of: date | None = None) -> str:
        """The SQL of a model for a side, as of the date of the scores unless another is given."""
        return self.models.sql_of(
            self.by_name[name], side.database, self.first, as_of or self.production.as_of
        )

    def sql_of_leads(self, side: Side, name: str, leads: str, as_of: date | None = None) -> str:
        """The SQL of a model for a side that gives the rows of some leads, those of a table."""
        sql = self.sql(side, name, as_of)
        for parent in self.by_name[name].parents:
            if "lead_id" in self._columns(side, self.by_name[parent]):
                rows = self._rows_of_leads(side, self.by_name[parent], leads)
                sql = sql.replace(self.relation(side, parent), rows)
        return sql

    def _rows_of_leads(self, side: Side, model: Model, leads: str) -> str:
        if model.name in side.rows_built and side.rows_built[model.name][1] == leads:
            return side.rows_built[model.name][0]
        view = f'"{side.database}__{model.name}__{leads.rpartition(".")[2].strip(chr(34))}"'
        self.connection.execute(
            f"create or replace temporary view {view} as"
            f" select * from {self.relation(side, model.name)} semi join {leads} using (lead_id)"
        )
        return view

    def _add(self, side: Side, model: Model) -> None:
        others = [other for other in side.same if self._may_take(model, other)]
        if model.name in NO_RULES:
            self._take(side, model, self.production.database)
        elif model.is_rule_file:
            self._load(side, model)
            self._compare(side, model, others)
        elif model.name in LEFT_OUT_MODELS:
            nothing = f"select * from {self._at_production(model.relation)} where false"
            self._make_view(side.database, model.relation, nothing)
            for other in others:
                self._note_same(side, model, other)
        elif model.name in UNREPLAYED_MODELS:
            self._make_view(side.database, model.relation, self._days_before(model))
            for other in others:
                self._note_same(side, model, other)
        elif other := next((o for o in others if self._is_same(side, model, o)), None):
            self._take(side, model, other)
        elif other := next((o for o in others if self._is_same_in_part(side, model, o)), None):
            self._build_in_part(side, model, other)
            self._compare(side, model, others)
        elif other := next((o for o in others if self._is_same_by_lead(side, model, o)), None):
            self._build_of_leads(side, model, other)
        else:
            self._build(side, model)
            self._compare(side, model, others)

    def _may_take(self, model: Model, other: str) -> bool:
        """Whether a table of another database is as this run would build it on the same inputs."""
        if other != self.production.database:
            return True
        if model.name == RESOLVED_EVENTS:
            # If one side has to read the raw events, which may be others by now, all do.
            return self.production.is_current and all(
                name in side.same[other] for side in self.sides for name in RULES_OF_EVENTS
            )
        return self.production.is_current and model.name not in (DATES, *UNREPLAYED_MODELS)

    def _is_same(self, side: Side, model: Model, other: str) -> bool:
        return all(self._reads_the_same(side, model, parent, other) for parent in model.parents)

    def _is_same_in_part(self, side: Side, model: Model, other: str) -> bool:
        if model.name not in KEYED_MODELS:
            return False
        keyed = KEYED_MODELS[model.name]
        spared = {keyed.definition} | ({DATES} if keyed.has_dated_keys else set())
        return all(
            self._reads_the_same(side, model, parent, other) or parent in side.partly_same[other]
            for parent in model.parents
            if parent not in spared
        )

    def _is_same_by_lead(self, side: Side, model: Model, other: str) -> bool:
        return (
            model.name in LEAD_MODELS
            and other in side.touched
            and all(
                self._reads_the_same(side, model, parent, other)
                or parent in side.touched[other].tables
                for parent in model.parents
            )
        )

    def _reads_the_same(self, side: Side, model: Model, parent: str, other: str) -> bool:
        if parent in side.same[other]:
            return True
        part = PARTS_READ.get((model.name, parent))
        return part is not None and self._is_equal(side, self.by_name[parent], other, part)

    def _is_equal(self, side: Side, model: Model, other: str, part: Part = EVERYTHING) -> bool:
        """Whether the rows of a table, or a part of them, are those of another database."""
        columns = part.columns or self._columns(side, model)
        ours, theirs = (
            f'select {_listed(columns)} from "{database}".{model.relation} where {part.rows}'
            for database in (side.database, other)
        )
        try:
            found = self.connection.execute(
                f"select 1 from ({_differing(ours, theirs)}) limit 1"
            ).fetchone()
        except (duckdb.CatalogException, duckdb.BinderException):
            return False
        return found is None

    def _columns(self, side: Side, model: Model) -> list[str]:
        rows = self.connection.execute(f'describe "{side.database}".{model.relation}').fetchall()
        return [row[0] for row in rows]

    def _compare(self, side: Side, model: Model, others: list[str]) -> None:
        if model.is_rule_file or model.name in COMPARED_MODELS:
            for other in others:
                if model.name in side.same[other]:
                    continue
                if self._is_equal(side, model, other):
                    self._note_same(side, model, other)
                elif other != self.production.database and "lead_id" in self._columns(side, model):
                    ours, theirs = (
                        f'from "{database}".{model.relation}' for database in (side.database, other)
                    )
                    self._touch(side, model, other, ours, theirs)

    def _touch(self, side: Side, model: Model, other: str, ours: str, theirs: str) -> None:
        """Note that a table differs for the leads whose rows do in two queries, and for no others.

        The rows of a lead are told apart by the sum of their hashes, numbers of 64 bits.
        """
        columns = _listed(self._columns(side, model))
        hashed = f"select lead_id, hash({columns}) as row_hash"
        touched = side.touched.get(other)
        known = f"union select lead_id from {touched.leads}" if touched else ""
        leads = self._make_table(
            side.database,
            model,
            "touched",
            f"""
            with

            rows as (

                select lead_id, cast(row_hash as hugeint) as row_hash from ({hashed} {ours})
                union all
                select lead_id, -cast(row_hash as hugeint) from ({hashed} {theirs})

            )

            select lead_id
            from rows
            group by lead_id
            having sum(row_hash) <> 0
            {known}
            """,
        )
        tables = touched.tables if touched else set()
        side.touched[other] = Touched(leads, tables | {model.name})

    def _note_same(self, side: Side, model: Model, other: str) -> None:
        side.same[other].add(model.name)
        for third in self.sides:
            if third is side:
                continue
            if third.database == other:
                for known, names in third.same.items():
                    if model.name in names:
                        side.same[known].add(model.name)
            elif model.name in third.same.get(other, set()):
                side.same[third.database].add(model.name)

    def _take(self, side: Side, model: Model, other: str) -> None:
        self._make_view(side.database, model.relation, f'select * from "{other}".{model.relation}')
        self._note_same(side, model, other)

    def _load(self, side: Side, model: Model) -> None:
        """Load a rule file as dbt does; every cell is bound, so that none becomes a statement."""
        table = side.rules.tables[model.name]
        places = [table.columns.index(column) for column in model.columns]
        listed = ", ".join(f'"{column}" varchar' for column in model.columns)
        name = f'"{side.database}".{model.relation}'
        self.connection.execute(f"create table {name} ({listed}, line_number integer)")
        rows = [
            [*(row[place] for place in places), line]
            for row, line in zip(table.rows, table.lines, strict=True)
        ]
        if rows:
            marks = "(" + ", ".join(["?"] * (len(model.columns) + 1)) + ")"
            self.connection.execute(
                f"insert into {name} values {', '.join([marks] * len(rows))}",
                [cell for row in rows for cell in row],
            )

    def _build(self, side: Side, model: Model) -> None:
        side.built.append(model.name)
        sql = self.sql(side, model.name)
        self._remember_patterns(model, f'"{side.database}".{self._clauses.relation}')
        if model.name in KEPT_MODELS:
            before = self._days_before(model)
            self._make_view(side.database, model.relation, before)
            added = self._make_table(side.database, model, "added", sql)
            self._make_view(
                side.database, model.relation, f"{before} union all by name select * from {added}"
            )
        elif model.is_view or model.name in LAZY_MODELS:
            self._make_view(side.database, model.relation, sql)
        else:
            if model.name in SORTED_MODELS:
                sql = f"from ({sql}) order by {SORTED_MODELS[model.name]}"
            self.connection.execute(f'create table "{side.database}".{model.relation} as {sql}')

    def _build_in_part(self, side: Side, model: Model, other: str) -> None:
        """Build the rows of keys that mean something else than in the other database, or are not
        in it; those of the others are there."""
        keyed = KEYED_MODELS[model.name]
        definition = self.by_name[keyed.definition]
        ours = f'"{side.database}".{definition.relation}'
        theirs = f'"{other}".{definition.relation}'
        part = PARTS_READ.get((model.name, keyed.definition), EVERYTHING)
        listed = _listed(self._columns(side, definition))
        is_dated = "false"
        if keyed.has_dated_keys and DATES not in side.same[other]:
            is_dated = f"{keyed.key} in (select {keyed.key} from {ours} where is_dated)"
        keys = self._make_table(
            side.database,
            model,
            "keys",
            f"""
            with

            differing as (

                {_differing(f"select {listed} from {ours}", f"select {listed} from {theirs}")}

            )

            select
                {keyed.key},
                bool_or(is_ours) as is_ours
            from (
                select {keyed.key}, true as is_ours from {ours}
                where
                    {part.rows}
                    and ({keyed.key} in (select {keyed.key} from differing) or {is_dated})
                union all
                select {keyed.key}, false from {theirs}
                where {keyed.key} in (select {keyed.key} from differing)
            )
            group by {keyed.key}
            """,
        )
        before = f'from "{other}".{model.relation}'
        rows = f"select * {before} anti join {keys} using ({keyed.key})"
        side.partly_same[other].add(model.name)
        (side.keys_built[model.name],) = self.connection.execute(
            f"select count(*) from {keys} where is_ours"
        ).fetchone() or (0,)
        added = None
        if side.keys_built[model.name]:
            new = self._make_table(
                side.database,
                model,
                "definitions",
                f"select * from {ours} semi join {keys} using ({keyed.key})",
            )
            self._remember_patterns(model, new)
            added = self._make_table(
                side.database, model, "added", self.sql(side, model.name).replace(ours, new)
            )
            rows += f" union all by name select * from {added}"
        self._make_view(side.database, model.relation, rows)
        if model.name in LEAD_MODELS and other != self.production.database:
            now = f"from {added}" if added else f"{before} where false"
            self._touch(side, model, other, now, f"{before} semi join {keys} using ({keyed.key})")

    def _build_of_leads(self, side: Side, model: Model, other: str) -> None:
        """Build the rows of the leads that differ; those of the others are there."""
        side.built.append(model.name)
        touched = side.touched[other]
        sql = self.sql_of_leads(side, model.name, touched.leads)
        rows = f'select * from "{other}".{model.relation} anti join {touched.leads} using (lead_id)'
        if model.name in KEPT_MODELS:
            before = f"from ({self._days_before(model)}) semi join {touched.leads} using (lead_id)"
            self._make_view(side.database, model.relation, before)
            added = self._make_table(side.database, model, "added", sql)
            rows += f" union all by name {before}"
        else:
            added = self._make_table(side.database, model, "added", sql)
            side.rows_built[model.name] = (added, touched.leads)
        rows += f" union all by name select * from {added}"
        self._make_view(side.database, model.relation, rows)
        touched.tables.add(model.name)

    @property
    def _clauses(self) -> Model:
        return self.by_name["int_condition_clauses"]

    def _remember_patterns(self, model: Model, clauses: str) -> None:
        """What the hook remember_patterns does before a model that matches conditions."""
        if model.patterns_of:
            self.connection.execute(
                "set variable lead_scoring_patterns = (select list(distinct text_operand order by"
                f" text_operand) from {clauses} where operator = 'matches'"
                f" and subject = '{model.patterns_of}')"
            )

    def _days_before(self, model: Model) -> str:
        """What production recorded before the replay of leads that are still there."""
        day = "transition_date" if "transition" in model.name else "as_of_date"
        profiles = self._at_production(self.by_name["int_profiles_joined"].relation)
        return (
            f"select * from {self._at_production(model.relation)}"
            f" where {day} < date '{self.first}' and lead_id in (select lead_id from {profiles})"
        )

    def _at_production(self, relation: str) -> str:
        return f'"{self.production.database}".{relation}'

    def _make_view(self, database: str, relation: str, sql: str) -> None:
        self.connection.execute(f'create or replace view "{database}".{relation} as {sql}')

    def _make_table(self, database: str, model: Model, part: str, sql: str) -> str:
        """A table that serves to build a model."""
        name = f'"{database}"."{model.schema}"."{model.name}__{part}"'
        self.connection.execute(f"create table {name} as {sql}")
        return name


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _differing(ours: str, theirs: str) -> str:
    """The rows that one of two queries gives and the other does not."""
    return f"(({ours}) except all ({theirs})) union all (({theirs}) except all ({ours}))"


@contextmanager
def attached(connection: Connection, file: Path, name: str, options: str = "") -> Iterator[None]:
    """A database of the connection for a while."""
    path = str(file).replace("'", "''")
    connection.execute(f"""attach '{path}' as "{name}" {options}""")
    try:
        yield
    finally:
        connection.execute(f'detach "{name}"')
