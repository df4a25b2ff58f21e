"""Runs on what is kept, each beside a full refresh and the reference."""

import math
from collections import Counter
from collections.abc import Container
from typing import Any

from comparison import KEYS_OVER_TIME, compare, differences
from engine_differences import PUBLIC, engine_differences
from pipeline import (
    AS_OF_MARK,
    CompiledPipeline,
    Row,
    Warehouse,
    patterns_statement,
    rows_of,
    with_dates,
)
from reference import Died, Runs, World, score_world

INTERNAL = "main_intermediate"
# What is kept from run to run, or made of it, beside the public tables.
KEPT = [
    "int_events_resolved",
    "int_events_left_out",
    "int_activity_matched",
    "int_activity_days_rolled",
    "int_interests_rolled",
    "int_dates_recorded",
]
TRAITS, POINTS = "int_traits_measured", "int_rule_points_weighed"
FORECAST_TRAITS, FORECASTS = "int_forecast_traits_measured", "int_forecast_scores_normalised"
# What is kept of traits and scores, and where the run lists for whom it makes that.
KEPT_FOR_SCORES = {
    TRAITS: "int_traits_due",
    POINTS: "int_points_due",
    FORECAST_TRAITS: "int_forecast_traits_due",
    FORECASTS: "int_forecast_scores_due",
}
# With what lies between.
MADE_FOR_SCORES = {
    *KEPT_FOR_SCORES,
    *KEPT_FOR_SCORES.values(),
    "int_score_inputs_digested",
    "int_dated_conditions_matched",
    "int_lead_scorecards_assigned",
    "int_forecast_conditions_matched",
    "int_forecast_scorecards_assigned",
    "int_forecast_points_weighed",
    "int_forecast_points_capped",
}
# How far a table has been read, which depends on when it was.
BOOKKEEPING = {"read_from", "settled_others", "change_number", "made_in"}


def content(rows: list[Row]) -> list[str]:
    """The rows without bookkeeping, in an order of their own; sums are equal to nine digits."""

    def text(value: Any) -> str:
        return f"{value:.9g}" if isinstance(value, float) and math.isfinite(value) else str(value)

    return sorted(
        str({name: text(value) for name, value in row.items() if name not in BOOKKEEPING})
        for row in rows
        if not ("change_number" in row and row["lead_id"] is None)
    )


def assert_same(table: str, found: list[Row], expected: list[Row]) -> None:
    ours, theirs = Counter(content(found)), Counter(content(expected))
    assert ours - theirs == Counter(), f"{table}: rows that should not be there"
    assert theirs - ours == Counter(), f"{table}: rows that should be there"


class ComparedRuns:
    """Runs on what is kept, and the same runs as full refreshes in a database of their own.

    A full refresh keeps the history of earlier runs and what they have published, as nothing can
    make these anew, and no more. The reference is given the same runs.
    """

    def __init__(self, pipeline: CompiledPipeline) -> None:
        self.kept, self.refreshed = Warehouse(pipeline), Warehouse(pipeline)
        self.reference = Runs()

    def __enter__(self) -> "ComparedRuns":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.kept.close()
        self.refreshed.close()

    def run(self, world: World) -> None:
        """A run that gets to its end: all tables have to be the same."""
        self.kept.run(world)
        self.refreshed.run(world, is_full_refresh=True)
        for table in KEPT:
            rows = self.kept.rows(table, INTERNAL), self.refreshed.rows(table, INTERNAL)
            assert_same(table, *rows)
        found = {table: self.kept.rows(table) for table in PUBLIC}
        refreshed = {table: self.refreshed.rows(table) for table in PUBLIC}
        assert engine_differences(found, refreshed) == []
        self.reference.run(world)
        result = self.reference.tables()
        lines = compare(found, score_world(world))
        for table in KEYS_OVER_TIME:
            lines += differences(table, found[table], getattr(result, table))
        assert lines == []

    def die(self, world: World, built: Container[str]) -> None:
        """A run that got no further than some models."""
        self.kept.run(world, built)
        self.refreshed.run(world, built, is_full_refresh=True)
        self.reference.die(
            Died(
                world,
                has_reopened="int_scores_normalised" in built,
                has_history="int_score_history_recorded" in built,
                has_transitions="int_stage_transitions_recorded" in built,
                has_recorded="int_dates_recorded" in built,
                has_published="published_scores" in built,
            )
        )


def assert_scores_kept_as_anew(warehouse: Warehouse, world: World) -> dict[str, tuple[int, int]]:
    """What runs have kept of traits, points and forecasts is what all leads are given anew.

    Returns for each table of how many leads it has rows, and for how many the last run made them.
    """
    connection = warehouse.connection.connection
    for model in warehouse.pipeline.first.models:
        if model.name not in MADE_FOR_SCORES:
            continue
        if model.subject:
            connection.execute(patterns_statement(model.subject))
        query = with_dates(model, {AS_OF_MARK: world.as_of}).sql
        for name in MADE_FOR_SCORES:
            query = query.replace(f'"lead_scoring"."main_intermediate"."{name}"', f"anew_{name}")
        connection.execute(f"create or replace temp table anew_{model.name} as {query}")
    seen = {}
    for table, due in KEPT_FOR_SCORES.items():
        found = warehouse.rows(table, INTERNAL)
        assert_same(table, found, rows_of(warehouse.connection, f"select * from anew_{table}"))
        made = {row["lead_id"] for row in warehouse.rows(due, INTERNAL)}
        seen[table] = len({row["lead_id"] for row in found}), len(made)
    return seen
