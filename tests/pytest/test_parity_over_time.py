"""Sequences of runs leave the tables that the reference leaves; daily runs equal a backfill."""

from dataclasses import replace
from datetime import timedelta

import pytest
from comparison import Comparison
from hypothesis import Phase, given, settings
from reference import Backfill, World
from sequences import Step, dated_worlds, run_sequences
from worlds import AS_OF

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


@settings(max_examples=25, phases=PHASES, derandomize=True)
@given(steps=run_sequences())
def test_models_agree_on_sequences_of_runs(comparison: Comparison, steps: list[Step]) -> None:
    found, _ = comparison.differences_over_time(steps)
    assert found == []


@pytest.mark.long
@settings(max_examples=1000, phases=PHASES)
@given(steps=run_sequences())
def test_models_agree_on_many_sequences_of_runs(comparison: Comparison, steps: list[Step]) -> None:
    found, _ = comparison.differences_over_time(steps)
    assert found == []


@settings(max_examples=4, phases=PHASES, derandomize=True)
@given(world=dated_worlds())
def test_daily_runs_equal_one_backfill(comparison: Comparison, world: World) -> None:
    days = [AS_OF - timedelta(days=age) for age in range(9, -1, -1)]
    daily = comparison.tables_over_time([replace(world, as_of=day) for day in days])
    backfilled = comparison.tables_over_time([Backfill(world, days[0], days[-1])])
    for table, rows in daily.items():
        if table != "score_changes":
            assert sorted(map(str, backfilled[table])) == sorted(map(str, rows)), table
