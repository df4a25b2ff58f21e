"""Every engine gives the public tables that DuckDB gives, after one run and after several."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from comparison import Comparison
from engine_differences import PUBLIC, engine_differences
from engines import ENGINES, running_engine
from hypothesis import Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from incremental_runs import IncrementalRuns
from pipeline import PROJECT, Warehouse
from sequences import SETTINGS, Step, leaves_rows, run_sequences
from test_reference import (
    AS_OF,
    catalogued,
    curve,
    engagement_rule,
    event,
    lead,
    rule,
    scorecard,
    window_rule,
    world,
)
from worlds import WORLD_ACCOUNT_FIELDS, WORLD_EVENT_FIELDS, WORLD_LEAD_FIELDS

# Fewer examples than for DuckDB, on which the models are compared with the reference.
PHASES = [Phase.explicit, Phase.generate]


@pytest.fixture(scope="module", params=ENGINES)
def other(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Comparison]:
    """Scores worlds by the models on an engine beside DuckDB."""
    with running_engine(request.param) as engine:
        yield Comparison(tmp_path_factory.mktemp(request.param), engine)


EDGES = replace(
    world(
        leads=[
            lead("L1", job_title="VP Sales", seats="1.0", account_id="A1", seniority="C-Level"),
            lead("l1", job_title="vp\u00a0sales ", seats="1e0", account_id="A1"),
            lead("L2", job_title="Zürich 100%", seats="0.1", account_id="a1", country=" de "),
            lead("L3", job_title="a_b\\c", seats="1e400", interests="dbt|Snow|| flake "),
            lead("L4", seats="-0", created_at="2024-02-29T23:59:59.999+02:00", interests="|"),
            lead("L5", seats="123456789012345678", email="O'Brien@Example.com"),
            lead("L6", seats="0.30000000000000004", created_at="2024-02-30"),
            lead("L7", seats="100", is_newsletter="yes", trial_ends_on="2024-06-30T23:30-05:00"),
            lead("L8", created_at="9999-12-31", seats="1e-320"),
        ],
        events=[
            event(0, lead_id="L1", event_id="E1", value="1e15", duration_seconds="30"),
            event(0, lead_id="L1", event_id="E1", value="2", loaded_at="2024-06-30"),
            event(0, lead_id="L1", event_id="e1", value="0.1"),
            event(0, "23:59:59.999999", lead_id="L1", value="0.2"),
            event(1, lead_id="L1", page_path="/Pricing?x=100%", content_topic="B"),
            event(1, lead_id="L1", page_path="/pricing", content_topic="a"),
            event(7, lead_id="L2", page_path="/a_b", device="Mobile"),
            event(30, lead_id="L2", page_path="/a|b", channel="Paid"),
            event(31, lead_id="l1", topic_score="0.30"),
            event(-1, lead_id="L1"),
            event(3, lead_id="L9"),
            event(3, lead_id=None, anonymous_id="v", occurred_at="2024-06-27T12:00:00,5+05:30"),
            event(3, lead_id="L3", occurred_at="27.06.2024"),
            event(400, lead_id="L5", event_type="email_open"),
            event(2, lead_id="L5", event_type="email_delivered"),
            event(7, lead_id="L6", event_type="email_click"),
            event(2, lead_id="L5", event_type="Email_Click", is_mobile="TRUE"),
        ],
        raw={
            "raw_identities": [
                {"anonymous_id": "v", "lead_id": "L4", "linked_at": "2024-01-01"},
                {"anonymous_id": "v", "lead_id": "L2", "linked_at": "2024-06-28T00:00:00Z"},
            ],
            "raw_firmographics": [
                {"account_id": "A1", "company_name": "Ärzte", "employee_count": "200"},
                {"account_id": "a1", "company_name": "zz", "annual_revenue": "1e12"},
                {"account_id": "A1", "employee_count": "201", "updated_at": "2024-01-01"},
            ],
            "raw_conversions": [
                {"lead_id": "L1", "conversion_type": "purchase", "converted_at": "2024-06-01"}
                | {"amount": "0.1"},
                {"lead_id": "L1", "conversion_type": "Purchase", "converted_at": "2024-06-02"}
                | {"amount": "0.2"},
                {"lead_id": "L2", "conversion_type": "demo", "converted_at": "2024-06-02"}
                | {"amount": "1e16"},
            ],
        },
        scorecards=[scorecard(), scorecard("Half", fit_weight="0.3", fit_max_points="7")],
        event_catalog=[
            catalogued("view"),
            catalogued("email_delivered", is_engagement="false"),
            catalogued("email_open", channel="Email"),
            catalogued("email_click", channel="email"),
        ],
        fit_rules=[
            rule("seats in", "seats in 1|0.10|100|1e-320", "3.333333"),
            rule("seats not in", "seats not_in 1.00|0.3|-0", "-1.5"),
            rule("seats big", "seats >= 123456789012345677", "0.000001"),
            rule("title", "job_title matches ^vp[a-z ]*s", "7"),
            rule("title ends", "job_title ends_with 100%", "1.005"),
            rule("title like", "job_title contains _b\\", "2"),
            rule("list", "interests contains snow", "4"),
            rule("list not", "interests not_in dbt|x", "5"),
            rule("trial", "trial_ends_on within_days 1", "6"),
            rule("between", "employee_count between 200|201", "8"),
            rule("half", "country equals DE", "3.5", scorecard="Half"),
            rule("country not", "country not_in us|fr", "0.5", scorecard="Half"),
        ],
        behavior_rules=[
            rule("recent", "days_since_last_engagement < 1", "5"),
            rule("money", "past_purchase_value >= 0.3", "5"),
            rule("topic", "top_content_topic in a|b", "5"),
        ],
        engagement_rules=[
            engagement_rule("plain", "1", decay="d", daily_cap="1.5", max_points="3"),
            engagement_rule("path", "2", decay="e")
            | {"field": "page_path"}
            | {"operator": "matches", "value": "^/pricing([?].*)?$"},
            engagement_rule("value", "3", decay="f")
            | {"field": "value"}
            | {"operator": "in", "value": "0.1|1e15"},
            window_rule("2", days="30", rule_id="burst", points="4"),
            engagement_rule("click", "9", event_type="email_click", scorecard="Half"),
            engagement_rule("short", "20", event_type="email_click", decay="w"),
        ],
        decay_curves=[
            curve("exponential", "7"),
            curve("hyperbolic", "3") | {"decay": "e"},
            curve("compounding", "1.1", "13") | {"decay": "f"},
            curve("window", "3") | {"decay": "w"},
        ],
        qualification_thresholds=[
            {"scorecard": card, "stage": "mql", "score": "lead", "enter_at": "3"}
            | {"exit_below": "2.5", "exit_days": "2"}
            for card in ("g", "Half")
        ],
        score_bands=[
            {"scorecard": card, "score": score, "band": band, "min_score": least}
            for card in ("g", "Half")
            for score in ("fit", "engagement", "lead")
            for band, least in (("A", "10"), ("b", "2.5"), ("C", "0"))
        ],
    ),
    lead_fields=dict(WORLD_LEAD_FIELDS),
    account_fields=dict(WORLD_ACCOUNT_FIELDS),
    event_fields=dict(WORLD_EVENT_FIELDS),
    **SETTINGS,
)

CHANGED_EDGES = replace(
    EDGES,
    raw=EDGES.raw
    | {
        "raw_events": [
            # The row that decides on E1 is corrected, another event is not there any more.
            *[row for row in EDGES.raw["raw_events"] if row.get("device") != "Mobile"],
            event(4, lead_id="L3", event_id="E1", loaded_at="2024-06-30T12:00:00Z"),
            event(0, lead_id="L1", event_id="e1", is_deleted="true", loaded_at="2024-06-30"),
            event(20, lead_id="L2", event_id="late", loaded_at="2024-06-11"),
            event(2, lead_id=None, anonymous_id="w", page_path="/pricing"),
        ],
        "raw_leads": [row for row in EDGES.raw["raw_leads"] if row["lead_id"] != "L6"],
        "raw_identities": [
            *EDGES.raw["raw_identities"],
            {"anonymous_id": "w", "lead_id": "L7", "linked_at": "2024-06-30T09:00:00Z"},
        ],
    },
    seeds=EDGES.seeds
    | {
        "engagement_rules": [
            *EDGES.seeds["engagement_rules"],
            engagement_rule("new", "6", decay="d")
            | {"field": "page_path"}
            | {"operator": "matches", "value": "pri+cing$"},
        ],
        "event_exclusions": [
            {"exclusion_id": "x", "field": "page_path", "reason": "Not by people"}
            | {"operator": "ends_with", "value": "b"},
        ],
    },
)


def differences(comparison: Comparison, other: Comparison, steps: list[Step]) -> list[str]:
    """What differs between the public tables after any of the runs."""
    pipelines = other.pipeline_over_time(), comparison.pipeline_over_time()
    with Warehouse(pipelines[0]) as found, Warehouse(pipelines[1]) as expected:
        lines = []
        for number, step in enumerate(steps, 1):
            found.run(step)
            expected.run(step)
            here, there = ({name: w.rows(name) for name in PUBLIC} for w in (found, expected))
            lines += [f"run {number}: {line}" for line in engine_differences(here, there)]
        # Otherwise empty tables would be compared with empty tables.
        assert there["lead_score_history"]
        assert there["lead_stage_transitions"]
        return lines


def test_edge_cases_are_the_same(comparison: Comparison, other: Comparison) -> None:
    """After a first run, a run of a later date, and one on late, corrected and deleted events."""
    steps = [replace(EDGES, as_of=AS_OF - timedelta(days=5)), EDGES, CHANGED_EDGES]
    tables = comparison.tables_over_time(steps[:2], PUBLIC)
    # Otherwise empty tables would be compared with empty tables.
    assert [name for name, rows in tables.items() if not rows] == []
    assert differences(comparison, other, steps) == []


@settings(max_examples=3, phases=PHASES, derandomize=True)
@given(steps=run_sequences().filter(leaves_rows))
def test_random_worlds_are_the_same(
    comparison: Comparison, other: Comparison, steps: list[Step]
) -> None:
    assert differences(comparison, other, steps) == []


@pytest.mark.long
@settings(max_examples=100, phases=PHASES)
@given(steps=run_sequences().filter(leaves_rows))
def test_many_random_worlds_are_the_same(
    comparison: Comparison, other: Comparison, steps: list[Step]
) -> None:
    assert differences(comparison, other, steps) == []


class RunsOnOtherEngine(IncrementalRuns):
    """Events that come late, twice, corrected or deleted, and rules that change between runs."""


@pytest.mark.long
def test_runs_equal_full_refreshes(other: Comparison) -> None:
    """What an engine keeps of the events is what a full refresh and the reference give."""
    RunsOnOtherEngine.pipeline = other.pipeline_over_time()
    run_state_machine_as_test(
        RunsOnOtherEngine,
        settings=settings(max_examples=10, stateful_step_count=20, phases=PHASES, derandomize=True),
    )


def test_every_public_table_is_compared() -> None:
    assert set(PUBLIC) == {path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql")}


def test_the_comparison_sees_a_changed_score(comparison: Comparison) -> None:
    """A comparison that can't fail would prove nothing."""
    tables = comparison.tables_over_time([EDGES], PUBLIC)
    changed = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    assert engine_differences(changed, tables) == []
    changed["lead_scores"][0]["lead_score"] += 1
    changed["lead_score_contributions"].pop()
    assert len(engine_differences(changed, tables)) == 2
