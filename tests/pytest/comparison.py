"""Score a world by the models and by the reference, and list every difference."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from pipeline import CompiledPipeline, Engine, Row, rows_of, run_dbt, world_settings, write_csv
from reference import Backfill, Result, RunsResult, World, score_runs, score_world
from sequences import SETTINGS
from worlds import (
    AS_OF,
    RAW_COLUMNS,
    SEED_COLUMNS,
    WORLD_ACCOUNT_FIELDS,
    WORLD_EVENT_FIELDS,
    WORLD_LEAD_FIELDS,
)

KEYS = {
    "lead_scores": ("lead_id", "scorecard"),
    "lead_score_contributions": ("lead_id", "scorecard", "score", "rule_id"),
    "scoring_rule_coverage": ("rule_id",),
}
KEYS_OVER_TIME = {
    "lead_scores": ("lead_id", "scorecard"),
    "lead_score_history": ("lead_id", "scorecard", "as_of_date"),
    "lead_stage_transitions": ("lead_id", "scorecard", "stage", "transition_date"),
    "sales_queue": ("lead_id", "scorecard"),
    "nurture_queue": ("lead_id", "scorecard"),
    "score_changes": ("sync_key",),
    "account_scores": ("account_id", "scorecard"),
    "channel_performance": ("scorecard", "dimension", "dimension_value"),
    "content_performance": ("scorecard", "content_topic"),
}
# Points may differ by the last of their six decimals, where a binary fraction lies on a tie.
TOLERANCES = {"points": 1e-6, "points_before_decay": 1e-6, "points_given": 1e-4}
EVENT_ISSUES = (
    "duplicate",
    "deleted",
    "unknown_occurred_at",
    "no_lead",
    "unknown_lead",
    "lead_not_created",
    "future",
)


def expected_tables(result: Result) -> dict[str, list[Row]]:
    return {
        "lead_scores": result.lead_scores,
        "lead_score_contributions": result.contributions,
        "scoring_rule_coverage": result.rule_coverage,
    }


def is_same(column: str, found: Any, expected: Any) -> bool:
    if isinstance(found, bool) or found is None or expected is None:
        return found == expected
    if isinstance(expected, (int, float, Decimal)):
        return abs(float(found) - float(expected)) <= TOLERANCES.get(column, 1e-9)
    return found == expected


def differences(table: str, found: list[Row], expected: list[Row]) -> list[str]:
    """Every difference of a table to the reference's, in words."""
    key_columns = (KEYS | KEYS_OVER_TIME)[table]
    found_rows = {tuple(row[column] for column in key_columns): row for row in found}
    expected_rows = {tuple(row[column] for column in key_columns): row for row in expected}
    if len(found_rows) < len(found):
        return [f"{table}: keys {key_columns} stand twice"]
    lines = [f"{table}: only the models have {key}" for key in found_rows.keys() - expected_rows]
    lines += [f"{table}: only the reference has {key}" for key in expected_rows.keys() - found_rows]
    for key in found_rows.keys() & expected_rows.keys():
        for column, value in expected_rows[key].items():
            # The reference gives no words to caps.
            if column == "reason" and str(key[-1]).startswith("cap:"):
                continue
            if not is_same(column, found_rows[key][column], value):
                lines.append(
                    f"{table} {key} {column}: models {found_rows[key][column]!r}, "
                    f"reference {value!r}"
                )
    return lines


def event_counts(issues: Iterable[Row]) -> dict[str, int]:
    """The raw events that data_quality_issues says were left out, by the reference's names."""
    counts: dict[str, int] = {}
    for row in issues:
        if row["table_name"] != "raw_events":
            continue
        if row["issue"] == "excluded":
            counts[f"excluded:{row['detail']}"] = row["affected_rows"]
        elif row["issue"] in EVENT_ISSUES:
            counts[row["issue"]] = row["affected_rows"]
    return counts


def compare(found: dict[str, list[Row]], result: Result) -> list[str]:
    lines = []
    for table, expected in expected_tables(result).items():
        lines += differences(table, found[table], expected)
    expected_counts = {
        name: count for name, count in result.event_buckets.items() if count and name != "counted"
    }
    if event_counts(found["data_quality_issues"]) != expected_counts:
        lines.append(
            f"data_quality_issues: models {event_counts(found['data_quality_issues'])}, "
            f"reference {expected_counts}"
        )
    return lines


class Comparison:
    """Compiles the models once for each set of field declarations."""

    def __init__(self, home: Path, engine: Engine | None = None) -> None:
        self.home, self.engine = home, engine
        self.pipelines: dict[str, CompiledPipeline] = {}

    def tables(self, world: World) -> dict[str, list[Row]]:
        """The public tables that the models make of a world."""
        return self._pipeline(world).run(world, [*KEYS, "data_quality_issues"])

    def _pipeline(self, world: World) -> CompiledPipeline:
        settings = json.dumps(world_settings(world) | {"as_of": None}, sort_keys=True)
        if settings not in self.pipelines:
            folder = self.home / str(len(self.pipelines))
            self.pipelines[settings] = CompiledPipeline(folder, world, RAW_COLUMNS, self.engine)
        return self.pipelines[settings]

    def pipeline_over_time(self) -> CompiledPipeline:
        """The models for worlds of `dated_worlds`, ready for runs after others."""
        pipeline = self._pipeline(
            World(
                as_of=AS_OF,
                lead_fields=dict(WORLD_LEAD_FIELDS),
                account_fields=dict(WORLD_ACCOUNT_FIELDS),
                event_fields=dict(WORLD_EVENT_FIELDS),
                **SETTINGS,
            )
        )
        pipeline.prepare_for_later_runs()
        return pipeline

    def tables_over_time(
        self, steps: Sequence[World | Backfill], tables: Iterable[str] = KEYS_OVER_TIME
    ) -> dict[str, list[Row]]:
        """The public tables that a sequence of runs leaves; settings are those of the first."""
        first = steps[0].world if isinstance(steps[0], Backfill) else steps[0]
        return self._pipeline(first).run_all(steps, tables)

    def differences_over_time(
        self, steps: Sequence[World | Backfill]
    ) -> tuple[list[str], RunsResult]:
        found, result = self.tables_over_time(steps), score_runs(steps)
        lines = []
        for table in KEYS_OVER_TIME:
            lines += differences(table, found[table], getattr(result, table))
        return lines, result

    def differences(self, world: World) -> tuple[list[str], Result]:
        result = score_world(world)
        return compare(self.tables(world), result), result


def differences_by_dbt(world: World, home: Path) -> tuple[list[str], Result]:
    """The same through files and `dbt build`, as a pipeline would."""
    build_by_dbt(world, home, "unit_test")
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        found = {
            table: rows_of(connection, f"select * from main.{table}")
            for table in [*KEYS, "data_quality_issues"]
        }
    result = score_world(world)
    return compare(found, result), result


def build_by_dbt(world: World, home: Path, *left_out: str, **settings: Any) -> None:
    """Write a world as files and run `dbt build` on them, but for some types of resources."""
    raw, seeds = home / "raw", home / "rules"
    raw.mkdir(parents=True)
    seeds.mkdir()
    for table, columns in RAW_COLUMNS.items():
        write_csv(raw / f"{table}.csv", columns, world.raw.get(table, []))
    for seed, columns in SEED_COLUMNS.items():
        write_csv(seeds / f"{seed}.csv", columns, world.seeds.get(seed, []))
    done = run_dbt(
        "build",
        "--exclude-resource-type",
        *left_out,
        home=home,
        raw=raw,
        seeds=seeds,
        **world_settings(world),
        **settings,
    )
    assert done.returncode == 0, done.stdout
