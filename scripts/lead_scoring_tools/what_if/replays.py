"""Score rule sets beside production, building only what their rules change.

A table whose inputs are all those of production, or of the other rule set, is that one's table and
is not built. Of a table with rows per condition or rule, only the rows of changed ones are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

from .compiled_models import KEPT_MODELS, CompiledModels, Model
from .productions import Production
from .rule_sets import RuleSet

Connection = duckdb.DuckDBPyConnection
Report = Callable[[str], None]

DATES = "int_dates_scored"
RESOLVED_EVENTS = "int_events_resolved"
CATALOGUE = "event_catalog"
# Deletions are no rules: those of production hold for all.
NO_RULES = ("erasures",)
# Small enough to see whether their content differs where that of their inputs does.
COMPARED_MODELS = (
    "int_clauses_parsed",
    "int_conditions_keyed",
    "int_condition_clauses",
    "int_rules_unioned",
    "int_qualification_thresholds",
    "int_lead_scorecards_assigned",
)
# What of an input a model reads, where most changes are to the rest of it.
PARTS_READ = {
    ("int_events_left_out", "int_condition_clauses"): "subject = 'exclusion'",
    ("int_events_left_out", "int_conditions_keyed"): "seed = 'event_exclusions'",
    (
        "int_profile_conditions_matched",
        "int_condition_clauses",
    ): "subject = 'profile' and not is_dated",
    ("int_dated_conditions_matched", "int_condition_clauses"): "subject = 'profile' and is_dated",
    ("int_activity_matched", "int_condition_clauses"): "subject = 'event'",
}
# Less is read of them than a table would hold.
LAZY_MODELS = ("lead_score_contributions",)
# Needed as of the days before the replay only, which production has.
UNREPLAYED_MODELS = ("int_score_history_recorded",)


@dataclass(frozen=True)
class Keyed:
    """A model whose rows follow, key by key, from the rows of one of its inputs."""

    key: str
    definition: str
    """The input that says what a key means."""
    has_dated_keys: bool = False
    """Whether keys that the definition marks is_dated depend on the dates of the replay too."""


KEYED_MODELS = {
    "int_profile_conditions_matched": Keyed("condition_id", "int_condition_clauses"),
    "int_dated_conditions_matched": Keyed("condition_id", "int_condition_clauses"),
    "int_activity_matched": Keyed("condition_id", "int_condition_clauses", has_dated_keys=True),
    # A rule names its condition, so a rule that is the same has the same matches.
    "int_rule_points_weighed": Keyed("rule_id", "int_rules_unioned"),
}


@dataclass
class Side:
    """A rule set, the database in which it is scored, and what is the same in other databases."""

    database: str
    rules: RuleSet
    same: dict[str, set[str]] = field(default_factory=dict)
    """By database, the tables whose content is that of its tables."""
    partly_same: dict[str, set[str]] = field(default_factory=dict)
    """By database, the tables of which that holds for the keys that mean the same."""
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
        side = Side(database, rules)
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

    def _add(self, side: Side, model: Model) -> None:
        others = [other for other in side.same if self._may_take(model, other)]
        if model.name in NO_RULES:
            self._take(side, model, self.production.database)
        elif model.is_rule_file:
            self._load(side, model)
            self._compare(side, model, others)
        elif model.name in UNREPLAYED_MODELS:
            self._make_view(side.database, model.relation, self._days_before(model))
            for other in others:
                self._note_same(side, model, other)
        elif other := next((o for o in others if self._is_same(side, model, o)), None):
            self._take(side, model, other)
        elif other := next((o for o in others if self._is_same_in_part(side, model, o)), None):
            self._build_in_part(side, model, other)
            self._compare(side, model, others)
        else:
            self._build(side, model)
            self._compare(side, model, others)

    def _may_take(self, model: Model, other: str) -> bool:
        """Whether a table of another database is as this run would build it on the same inputs."""
        if other != self.production.database:
            return True
        if model.name == RESOLVED_EVENTS:
            # If one side has to read the raw events, which may be others by now, all do.
            catalogues = [CATALOGUE in side.same[other] for side in self.sides]
            return self.production.is_current and all(catalogues)
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

    def _reads_the_same(self, side: Side, model: Model, parent: str, other: str) -> bool:
        if parent in side.same[other]:
            return True
        part = PARTS_READ.get((model.name, parent))
        return part is not None and self._is_equal(side, self.by_name[parent], other, part)

    def _is_equal(self, side: Side, model: Model, other: str, part: str = "true") -> bool:
        """Whether the rows of a table, or a part of them, are those of another database."""
        listed = ", ".join(f'"{column}"' for column in self._columns(side, model))
        ours, theirs = (
            f'(select {listed} from "{database}".{model.relation} where {part})'
            for database in (side.database, other)
        )
        try:
            found = self.connection.execute(
                f"select 1 from ((from {ours} except all from {theirs})"
                f" union all (from {theirs} except all from {ours})) limit 1"
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
                if model.name not in side.same[other] and self._is_equal(side, model, other):
                    self._note_same(side, model, other)

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
            self.connection.execute(f'create table "{side.database}".{model.relation} as {sql}')

    def _build_in_part(self, side: Side, model: Model, other: str) -> None:
        """Build the rows of keys that mean something else than in the other database, or are not
        in it; those of the others are there."""
        keyed = KEYED_MODELS[model.name]
        definition = self.by_name[keyed.definition]
        ours = f'"{side.database}".{definition.relation}'
        theirs = f'"{other}".{definition.relation}'
        part = PARTS_READ.get((model.name, keyed.definition), "true")
        listed = ", ".join(f'"{column}"' for column in self._columns(side, definition))
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

                (select {listed} from {ours} except all select {listed} from {theirs})
                union all
                (select {listed} from {theirs} except all select {listed} from {ours})

            )

            select distinct
                {keyed.key} as key,
                {keyed.key} in (select {keyed.key} from differing) or {is_dated} as is_new
            from {ours}
            where {part}
            """,
        )
        kept = (
            f'select * from "{other}".{model.relation}'
            f" where {keyed.key} in (select key from {keys} where not is_new)"
        )
        side.partly_same[other].add(model.name)
        (side.keys_built[model.name],) = self.connection.execute(
            f"select count(*) from {keys} where is_new"
        ).fetchone() or (0,)
        if not side.keys_built[model.name]:
            self._make_view(side.database, model.relation, kept)
            return
        new = self._make_table(
            side.database,
            model,
            "definitions",
            f"select * from {ours} where {keyed.key} in (select key from {keys} where is_new)",
        )
        self._remember_patterns(model, new)
        added = self._make_table(
            side.database, model, "added", self.sql(side, model.name).replace(ours, new)
        )
        self._make_view(
            side.database, model.relation, f"{kept} union all by name select * from {added}"
        )

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
