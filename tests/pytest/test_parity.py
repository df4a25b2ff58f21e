"""The models give what the reference implementation gives, which shares no code with them."""

from pathlib import Path

import pytest
from comparison import Comparison, compare, differences_by_dbt
from hypothesis import Phase, given, settings
from reference import World
from test_reference import POINT_VECTORS
from worlds import worlds

# Shrinking a world of hundreds of values takes minutes; the blob that is printed repeats it.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


@pytest.mark.parametrize(
    "world", [vector[1] for vector in POINT_VECTORS], ids=[vector[0] for vector in POINT_VECTORS]
)
def test_models_agree_on_worked_cases(comparison: Comparison, world: World) -> None:
    found, _ = comparison.differences(world)
    assert found == []


@settings(max_examples=120, phases=PHASES, derandomize=True)
@given(world=worlds())
def test_models_agree_on_random_worlds(comparison: Comparison, world: World) -> None:
    found, _ = comparison.differences(world)
    assert found == []


@settings(max_examples=100, phases=PHASES, derandomize=True)
@given(world=worlds(with_traits=True, with_count_windows=True))
def test_models_agree_on_random_worlds_with_traits_and_windows(
    comparison: Comparison, world: World
) -> None:
    found, _ = comparison.differences(world)
    assert found == []


@pytest.mark.long
@settings(max_examples=2000, phases=PHASES)
@given(world=worlds(with_traits=True, with_count_windows=True))
def test_models_agree_on_many_random_worlds(comparison: Comparison, world: World) -> None:
    found, _ = comparison.differences(world)
    assert found == []


def test_the_comparison_sees_a_changed_weight(comparison: Comparison) -> None:
    """A comparison that can't fail would prove nothing."""
    _, world, _ = next(vector for vector in POINT_VECTORS if vector[2] == {"r": "20"})
    found, result = comparison.differences(world)
    assert found == []
    result.contributions[0]["points"] += 1
    result.lead_scores[0]["engagement_score"] += 1
    changed = compare(comparison.tables(world), result)
    assert any("points" in line for line in changed)
    assert any("engagement_score" in line for line in changed)


@settings(max_examples=1, phases=PHASES, derandomize=True)
@given(world=worlds(with_traits=True, with_count_windows=True))
def test_dbt_build_on_files_agrees(tmp_path_factory: pytest.TempPathFactory, world: World) -> None:
    home: Path = tmp_path_factory.mktemp("files")
    found, _ = differences_by_dbt(world, home)
    assert found == []
