"""The models give what the reference implementation gives, which shares no code with them."""

from dataclasses import replace
from pathlib import Path

import pytest
from comparison import Comparison, compare, differences_by_dbt
from hypothesis import Phase, given, settings
from reference import World, score_world
from test_reference import POINT_VECTORS, curve, engagement_rule, event, lead, rule, world
from worlds import worlds

# Shrinking a world of hundreds of values takes minutes; the blob that is printed repeats it.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]


@pytest.mark.parametrize(
    "given_world",
    [vector[1] for vector in POINT_VECTORS],
    ids=[vector[0] for vector in POINT_VECTORS],
)
def test_models_agree_on_worked_cases(comparison: Comparison, given_world: World) -> None:
    found, _ = comparison.differences(given_world)
    assert found == []


@settings(max_examples=60, phases=PHASES, derandomize=True)
@given(given_world=worlds())
def test_models_agree_on_random_worlds(comparison: Comparison, given_world: World) -> None:
    found, _ = comparison.differences(given_world)
    assert found == []


@settings(max_examples=80, phases=PHASES, derandomize=True)
@given(given_world=worlds(with_traits=True, with_count_windows=True))
def test_models_agree_on_random_worlds_with_traits_and_windows(
    comparison: Comparison, given_world: World
) -> None:
    found, _ = comparison.differences(given_world)
    assert found == []


@pytest.mark.long
@settings(max_examples=2000, phases=PHASES)
@given(given_world=worlds(with_traits=True, with_count_windows=True))
def test_models_agree_on_many_random_worlds(comparison: Comparison, given_world: World) -> None:
    found, _ = comparison.differences(given_world)
    assert found == []


def test_the_comparison_sees_a_changed_weight(comparison: Comparison) -> None:
    """A comparison that can't fail would prove nothing."""
    _, given_world, _ = next(vector for vector in POINT_VECTORS if vector[2] == {"r": "20"})
    found, result = comparison.differences(given_world)
    assert found == []
    result.contributions[0]["points"] += 1
    result.lead_scores[0]["engagement_score"] += 1
    changed = compare(comparison.tables(given_world), result)
    assert any("points" in line for line in changed)
    assert any("engagement_score" in line for line in changed)


def gives_points(given_world: World) -> bool:
    """Whether there is something to compare; the first world that is drawn is empty."""
    return bool(score_world(given_world).contributions)


@settings(max_examples=1, phases=PHASES, derandomize=True)
@given(given_world=worlds(with_traits=True, with_count_windows=True).filter(gives_points))
def test_dbt_build_on_files_agrees(
    tmp_path_factory: pytest.TempPathFactory, given_world: World
) -> None:
    home: Path = tmp_path_factory.mktemp("files")
    found, result = differences_by_dbt(given_world, home)
    assert found == []
    # Otherwise empty tables would have been compared with empty tables.
    assert result.contributions


FURTHER_WORLDS = [
    (
        "a tombstone of a link needs no lead",
        world(
            [event(lead_id=None, anonymous_id="v")],
            raw={
                "raw_identities": [
                    {"anonymous_id": "v", "lead_id": "L1", "linked_at": "2024-01-01"},
                    {"anonymous_id": "v", "linked_at": "2024-01-02", "is_deleted": "true"},
                ]
            },
            engagement_rules=[engagement_rule()],
        ),
    ),
    *[
        (
            f"whole periods of {days} days at age {age}",
            world(
                [event(age)],
                engagement_rules=[engagement_rule("s", decay="d"), engagement_rule("c", decay="e")],
                decay_curves=[
                    curve("stepped", days, "2"),
                    curve("compounding", days, "2") | {"decay": "e"},
                ],
            ),
        )
        for days, age in [("1.1", 33), ("2.2", 33), ("1.1", 55), ("0.5", 32), ("0.1", 6)]
    ],
    (
        "without declared fields of leads and accounts",
        replace(
            world([event()], engagement_rules=[engagement_rule()]),
            lead_fields={},
            account_fields={},
        ),
    ),
]


@pytest.mark.parametrize(
    "given_world", [case[1] for case in FURTHER_WORLDS], ids=[case[0] for case in FURTHER_WORLDS]
)
def test_models_agree_on_further_cases(comparison: Comparison, given_world: World) -> None:
    found, _ = comparison.differences(given_world)
    assert found == []


def test_ties_fall_to_the_largest_bytes_as_written(comparison: Comparison) -> None:
    given_world = replace(
        world(
            leads=[lead(interests="a"), lead(interests="B")],
            fit_rules=[rule("f", "interests equals a")],
        ),
        lead_fields={"interests": "text", "created_at": "date"},
    )
    found, result = comparison.differences(given_world)
    assert found == []
    assert [row["rule_id"] for row in result.contributions] == ["f"]
