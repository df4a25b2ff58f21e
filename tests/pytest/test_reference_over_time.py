"""The reference over a sequence of runs: cases worked by hand.

Days are counted from `AS_OF`, which is day 0.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import md5
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from reference import Backfill, RunsResult, World, score_runs, score_world
from reference.marketing import wilson_interval
from test_reference import (
    AS_OF,
    NBSP,
    catalogued,
    counted,
    curve,
    engagement_rule,
    event,
    lead,
    rule,
    scorecard,
    world,
)
from worlds import worlds

Levels = dict[int, float]


# Worlds in which the engagement score of a day is what that day's event says


def on(day: int) -> date:
    return AS_OF + timedelta(days=day)


def level_events(levels: Levels, lead_id: str = "L1") -> list[dict]:
    return [event(-day, page_path=f"{level:g}", lead_id=lead_id) for day, level in levels.items()]


def level_world(levels: dict[str, Levels] | Levels, **more: Any) -> World:
    """An engagement score by day, 0 on the other days; of one lead, or by lead."""
    by_lead = levels if all(isinstance(v, dict) for v in levels.values()) else {"L1": levels}
    used = sorted({level for own in by_lead.values() for level in own.values()})
    rules = [
        engagement_rule(f"r{level:g}", points=f"{level:g}", decay="d")
        | {"field": "page_path", "operator": "equals", "value": f"{level:g}"}
        for level in used
    ]
    defaults = {
        "leads": [lead(lead_id) for lead_id in by_lead],
        "engagement_rules": rules,
        "decay_curves": [curve("window", "1")],
    }
    events = [e for lead_id, own in by_lead.items() for e in level_events(own, lead_id)]
    return world(events, **defaults | more)


def steady(*levels: float) -> Levels:
    """The levels of day 0, day 1 and so on."""
    return dict(enumerate(levels))


def threshold(stage: str = "MQL", **columns: str) -> dict:
    """In at 50, out after two days below 30."""
    return {
        "scorecard": "g",
        "stage": stage,
        "score": "engagement",
        "enter_at": "50",
        "exit_below": "30",
        "exit_days": "2",
    } | columns


def runs(given_world: World, *days: int, **settings_: Any) -> list[World]:
    return [replace(given_world, as_of=on(day), **settings_) for day in days]


def with_seeds(given_world: World, **seeds: list[dict]) -> World:
    return replace(given_world, seeds=given_world.seeds | seeds)


def with_raw(given_world: World, **raw: list[dict]) -> World:
    return replace(given_world, raw=given_world.raw | raw)


def day_of(moment: date) -> int:
    return (moment - AS_OF).days


def moves(result: RunsResult) -> list[tuple]:
    return [
        (row["stage"], row["transition"], day_of(row["transition_date"]))
        for row in result.lead_stage_transitions
    ]


def exits(result: RunsResult) -> list[tuple]:
    return [
        (day_of(row["transition_date"]), row["exit_cause"], row["reason"])
        for row in result.lead_stage_transitions
        if row["transition"] == "exit"
    ]


def history(result: RunsResult) -> list[tuple]:
    return [
        (row["lead_id"], day_of(row["as_of_date"]), row["engagement_score"], row["is_scored"])
        for row in result.lead_score_history
    ]


def recorded(result: RunsResult) -> list[tuple[int, int]]:
    return [(day_of(r["score_date"]), day_of(r["run_date"])) for r in result.recorded_dates]


def only(rows: list[dict]) -> dict:
    (row,) = rows
    return row


def columns(rows: list[dict], *names: str) -> list[tuple]:
    return [tuple(row[name] for name in names) for row in rows]


# Trend

D = Decimal
TREND_CASES = [
    ("up by just enough in a week", {-30: 45, -7: 40, 0: 45}, ("rising", 5, 0)),
    ("up by too little", {-30: 41, -7: 40, 0: 44.99}, ("steady", D("4.99"), D("3.99"))),
    ("down by just enough in a week", {-30: 40, -7: 45, 0: 40}, ("falling", -5, 0)),
    ("down by too little", {-30: 40, -7: 44.99, 0: 40}, ("steady", D("-4.99"), 0)),
    ("a steady week in a rising month", {-30: 40, -7: 44, 0: 45}, ("rising", 1, 5)),
    ("a steady week in a falling month", {-30: 50, -7: 45, 0: 45}, ("falling", 0, -5)),
    ("the week goes before the month", {-30: 90, -7: 40, 0: 45}, ("rising", 5, -45)),
    ("other days do not matter", {-8: 90, -6: 90, -29: 90, -31: 90}, ("steady", 0, 0)),
]


@pytest.mark.parametrize(
    ("levels", "expected"), [c[1:] for c in TREND_CASES], ids=[c[0] for c in TREND_CASES]
)
def test_trend(levels: Levels, expected: tuple) -> None:
    result = score_runs([level_world(levels)])
    names = ("score_trend", "engagement_delta_7d", "engagement_delta_30d")
    assert columns(result.lead_scores, *names) == [expected]


@pytest.mark.parametrize(
    ("created_on", "expected"),
    [
        # Six days ago: no score a week ago. Seven: one of 0, and none a month ago.
        (-6, ("new", None, None)),
        (-7, ("steady", 0, None)),
        (-29, ("steady", 0, None)),
        (-30, ("steady", 0, 0)),
    ],
)
def test_trend_of_a_young_lead(created_on: int, expected: tuple) -> None:
    given_world = level_world({}, leads=[lead(created_at=on(created_on))])
    row = only(score_runs([given_world]).lead_scores)
    names = ("score_trend", "engagement_delta_7d", "engagement_delta_30d")
    assert tuple(row[name] for name in names) == expected


def test_trend_of_a_lead_that_was_not_in_the_audience() -> None:
    # In the audience from its first event on, five days ago.
    audience = [{"scorecard": "g", "field": "events_30d", "operator": ">", "value": "0"}]
    given_world = level_world({-5: 10, 0: 80}, scorecard_audiences=audience)
    assert only(score_runs([given_world]).lead_scores)["score_trend"] == "new"


def test_trend_points_are_a_setting() -> None:
    given_world = replace(level_world({-30: 42, -7: 40, 0: 42}), trend_points=2.5)
    assert only(score_runs([given_world]).lead_scores)["score_trend"] == "steady"
    given_world = replace(given_world, trend_points=2)
    assert only(score_runs([given_world]).lead_scores)["score_trend"] == "rising"


# History


def test_history_has_a_row_where_scores_change() -> None:
    given_world = level_world(steady(10, 10, 20, 20))
    result = score_runs(runs(given_world, 0, 1, 2, 3))
    assert history(result) == [("L1", 0, 10, True), ("L1", 2, 20, True)]
    assert recorded(result) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_history_shows_when_a_lead_leaves_and_joins_a_scorecard() -> None:
    given_world = level_world(steady(10, 10, 10, 10))
    audience = [{"scorecard": "g", "field": "email", "operator": "is_known", "value": ""}]
    narrow = with_seeds(given_world, scorecard_audiences=audience)
    steps = [*runs(given_world, 0), *runs(narrow, 1, 2), *runs(given_world, 3)]
    result = score_runs(steps)
    assert history(result) == [
        ("L1", 0, 10, True),
        ("L1", 1, None, False),
        ("L1", 3, 10, True),
    ]
    row = result.lead_score_history[1]
    assert (row["fit_score"], row["lead_score"]) == (None, None)
    # A lead that was never on it has no row at all.
    assert score_runs(runs(narrow, 0, 1)).lead_score_history == []


def test_a_lead_whose_creation_moved_keeps_what_is_recorded() -> None:
    given_world = level_world(steady(10))
    moved = with_raw(given_world, raw_leads=[lead(created_at=on(3))])
    result = score_runs([*runs(given_world, 0), *runs(moved, 1)])
    assert history(result) == [("L1", 0, 10, True), ("L1", 1, None, False)]
    assert result.lead_scores == []


def test_a_gap_is_filled() -> None:
    given_world = level_world(steady(10, 20, 20, 30))
    result = score_runs(runs(given_world, 0, 3))
    assert recorded(result) == [(0, 0), (1, 3), (2, 3), (3, 3)]
    assert history(result) == [("L1", 0, 10, True), ("L1", 1, 20, True), ("L1", 3, 30, True)]


@pytest.mark.parametrize(
    ("fill_days", "expected"),
    [(3, [(0, 0), (1, 3), (2, 3), (3, 3)]), (2, [(0, 0), (3, 3)]), (0, [(0, 0), (3, 3)])],
)
def test_a_gap_that_is_too_long_stays(fill_days: int, expected: list) -> None:
    given_world = replace(level_world(steady(10, 20, 20, 30)), history_fill_days=fill_days)
    assert recorded(score_runs(runs(given_world, 0, 3))) == expected


def test_a_run_repeated_on_its_date_rewrites_what_it_filled() -> None:
    # The event of day 1 arrives between the two runs of day 2.
    before, after = level_world(steady(10)), level_world(steady(10, 20))
    result = score_runs([*runs(before, 0, 2), *runs(after, 2)])
    assert history(result) == [("L1", 0, 10, True), ("L1", 1, 20, True), ("L1", 2, 0, True)]
    assert recorded(result) == [(0, 0), (1, 2), (2, 2)]


def test_a_run_does_not_rewrite_dates_of_earlier_runs() -> None:
    before, after = level_world(steady(10)), level_world(steady(90, 20))
    result = score_runs([*runs(before, 0), *runs(after, 1)])
    assert history(result) == [("L1", 0, 10, True), ("L1", 1, 20, True)]


def test_a_replay_of_an_earlier_date_records_nothing() -> None:
    given_world = level_world(steady(60, 10, 10), qualification_thresholds=[threshold()])
    late = level_world({0: 90, 1: 90, 2: 90}, qualification_thresholds=[threshold()])
    result = score_runs([*runs(given_world, 0, 2), *runs(late, 1)])
    plain = score_runs(runs(given_world, 0, 2))
    assert result.lead_score_history == plain.lead_score_history
    assert result.lead_stage_transitions == plain.lead_stage_transitions
    assert result.recorded_dates == plain.recorded_dates
    # The scores are the replay's, the stage is what was recorded up to the date.
    row = only(result.lead_scores)
    assert (row["engagement_score"], row["qualified_since"]) == (90, on(0))


# Qualification


def stages_of(*levels: float, **columns_: str) -> RunsResult:
    given_world = level_world(
        steady(*levels), qualification_thresholds=[threshold(**columns_)], fit_rules=[]
    )
    return score_runs(runs(given_world, *range(len(levels))))


STAY_CASES = [
    ("a lead enters exactly at the threshold", (49.99, 50), [("entry", 1)]),
    ("it stays between the thresholds", (50, 49, 51, 30, 51), [("entry", 0)]),
    ("a score that swings around the exit stays", (50, 29, 30, 29, 30, 29), [("entry", 0)]),
    ("out on the second day below", (50, 29.99, 29), [("entry", 0), ("exit", 2)]),
    ("not out on the first", (50, 29), [("entry", 0)]),
    ("below without ever having entered", (10, 10, 10), []),
    ("between the thresholds without having entered", (49, 49, 49), []),
    (
        "in again, and out again after two days",
        (50, 0, 0, 50, 0, 0),
        [("entry", 0), ("exit", 2), ("entry", 3), ("exit", 5)],
    ),
    ("out, and not in again below the entry", (50, 0, 0, 49), [("entry", 0), ("exit", 2)]),
]


@pytest.mark.parametrize(
    ("levels", "expected"), [c[1:] for c in STAY_CASES], ids=[c[0] for c in STAY_CASES]
)
def test_stays(levels: tuple[float, ...], expected: list[tuple]) -> None:
    assert [move[1:] for move in moves(stages_of(*levels))] == expected


def test_rows_of_transitions() -> None:
    given_world = level_world(
        steady(50, 0, 0, 60),
        leads=[lead(job_title="x")],
        qualification_thresholds=[threshold(stage=" MQL ", score=" Engagement")],
        fit_rules=[rule("f", "job_title is_known", "20")],
    )
    entry, left, again = score_runs(runs(given_world, 0, 1, 2, 3)).lead_stage_transitions
    # lead_score: the mean of 20 and 50
    assert entry == {
        "lead_id": "L1",
        "scorecard": "g",
        "stage": "MQL",
        "transition": "entry",
        "exit_cause": None,
        "entry_number": 1,
        "fit_score": 20,
        "engagement_score": 50,
        "lead_score": 35,
        "reason": "reason of r50",
        "top_reason_1": "reason of r50",
        "top_reason_2": "reason of f",
        "top_reason_3": None,
        "days_in_stage": None,
        "transition_date": on(0),
    }
    assert left == {
        "lead_id": "L1",
        "scorecard": "g",
        "stage": "MQL",
        "transition": "exit",
        "exit_cause": "below",
        "entry_number": 1,
        "fit_score": 20,
        "engagement_score": 0,
        "lead_score": 10,
        "reason": "Engagement score below 30 for 2 days",
        "top_reason_1": None,
        "top_reason_2": None,
        "top_reason_3": None,
        "days_in_stage": 2,
        "transition_date": on(2),
    }
    assert (again["entry_number"], again["reason"]) == (2, "reason of r60")


@pytest.mark.parametrize(
    ("exit_below", "exit_days", "reason"),
    [
        ("12.50", "1", "Engagement score below 12.5 for 1 day"),
        ("30.0", "2", "Engagement score below 30 for 2 days"),
        ("0.05", "1", "Engagement score below 0.05 for 1 day"),
    ],
)
def test_reasons_of_exits_are_short(exit_below: str, exit_days: str, reason: str) -> None:
    result = stages_of(50, 0, 0, exit_below=exit_below, exit_days=exit_days)
    assert exits(result) == [(int(exit_days), "below", reason)]


def alternating_world(**columns_: str) -> World:
    """Fit is 60 but on day 2, the day of the update; engagement is 60 on even days."""
    return level_world(
        steady(60, 0, 60, 0, 60),
        leads=[lead(updated_at=on(2))],
        fit_rules=[
            rule("base", "created_at is_known", "60"),
            rule("dip", "updated_at within_days 1", "-60"),
        ],
        qualification_thresholds=[threshold(), threshold(score="fit", **columns_)],
    )


def test_one_and_the_same_score_has_to_stay_below() -> None:
    # Days 1 and 3: engagement 0. Day 2: fit 0. Every day has a score below, none has two.
    assert moves(score_runs(runs(alternating_world(), *range(5)))) == [("MQL", "entry", 0)]


def test_each_row_of_a_stage_has_its_own_days() -> None:
    result = score_runs(runs(alternating_world(exit_days="1"), *range(5)))
    assert exits(result) == [(2, "below", "Fit score below 30 for 1 day")]
    # The day after, engagement is still too low to enter; on day 4 both are 60.
    assert moves(result)[-1] == ("MQL", "entry", 4)


def test_of_several_scores_below_the_lead_score_is_named_first() -> None:
    thresholds = [
        threshold(exit_days="1"),
        threshold(score="lead", enter_at="20", exit_below="20", exit_days="1"),
    ]
    given_world = level_world(steady(60, 0), qualification_thresholds=thresholds)
    result = score_runs(runs(given_world, 0, 1))
    assert exits(result) == [(1, "below", "Lead score below 20 for 1 day")]


def test_every_score_must_reach_its_entry() -> None:
    thresholds = [threshold(), threshold(score="lead", enter_at="30", exit_below="0")]
    given_world = level_world(steady(59.98, 60), qualification_thresholds=thresholds)
    # lead scores 29.99 and 30
    assert moves(score_runs(runs(given_world, 0, 1))) == [("MQL", "entry", 1)]


def suppressed_on(day: int, **more: Any) -> World:
    rows = [
        {
            "suppression_id": "s",
            "field": "updated_at",
            "operator": "within_days",
            "value": "1",
            "reason": "Opted out",
        }
    ]
    defaults = {"leads": [lead(updated_at=on(day))], "suppressions": rows}
    return level_world(
        steady(60, 60, 60), **defaults | {"qualification_thresholds": [threshold()]} | more
    )


def test_a_suppression_ends_a_stay_at_once_and_prevents_entry() -> None:
    result = score_runs(runs(suppressed_on(1), 0, 1, 2))
    assert exits(result) == [(1, "suppressed", "Suppressed: Opted out")]
    assert moves(result) == [("MQL", "entry", 0), ("MQL", "exit", 1), ("MQL", "entry", 2)]
    assert [row["entry_number"] for row in result.lead_stage_transitions] == [1, 1, 2]
    # A suppressed lead keeps its scores.
    assert result.lead_stage_transitions[1]["engagement_score"] == 60
    assert moves(score_runs(runs(suppressed_on(0), 0, 1))) == [("MQL", "entry", 1)]


def test_a_lead_that_leaves_the_scorecard_leaves_its_stages() -> None:
    given_world = level_world(steady(60, 60), qualification_thresholds=[threshold()])
    audience = [{"scorecard": "g", "field": "email", "operator": "is_known", "value": ""}]
    narrowed = with_seeds(given_world, scorecard_audiences=audience)
    result = score_runs([*runs(given_world, 0), *runs(narrowed, 1)])
    assert exits(result) == [(1, "not_scored", "No longer on the scorecard")]
    assert result.lead_stage_transitions[1]["lead_score"] is None


def test_a_removed_stage_is_left_on_the_first_date_written_after() -> None:
    given_world = level_world(steady(60, 60, 60), qualification_thresholds=[threshold("Hot")])
    without = with_seeds(given_world, qualification_thresholds=[threshold("Warm")])
    result = score_runs([*runs(given_world, 0), *runs(without, 2)])
    assert exits(result) == [(1, "stage_removed", "The stage was removed")]
    assert moves(result) == [("Hot", "entry", 0), ("Hot", "exit", 1), ("Warm", "entry", 1)]


def test_suppression_goes_before_other_causes() -> None:
    given_world = suppressed_on(1)
    without = with_seeds(given_world, qualification_thresholds=[])
    result = score_runs([*runs(given_world, 0), *runs(without, 1)])
    assert exits(result) == [(1, "suppressed", "Suppressed: Opted out")]


def test_changed_thresholds_do_not_rewrite_the_past() -> None:
    given_world = level_world(steady(60, 60, 60, 60), qualification_thresholds=[threshold()])
    harder = with_seeds(given_world, qualification_thresholds=[threshold(enter_at="70")])
    result = score_runs([*runs(given_world, 0, 1), *runs(harder, 2, 3)])
    assert moves(result) == [("MQL", "entry", 0)]
    assert only(result.lead_scores)["qualified_since"] == on(0)
    stricter = with_seeds(
        given_world,
        qualification_thresholds=[threshold(enter_at="70", exit_below="65", exit_days="1")],
    )
    result = score_runs([*runs(given_world, 0, 1), *runs(stricter, 2, 3)])
    assert moves(result) == [("MQL", "entry", 0), ("MQL", "exit", 2)]


def test_a_raised_exit_looks_back_to_the_entry_at_the_earliest() -> None:
    # 40 is below the new exit on days 1 and 2, but the day of the entry does not count.
    given_world = level_world(steady(55, 40, 40), qualification_thresholds=[threshold()])

    def raised(exit_days: str) -> World:
        row = threshold(enter_at="60", exit_below="60", exit_days=exit_days)
        return with_seeds(given_world, qualification_thresholds=[row])

    result = score_runs([*runs(given_world, 0, 1), *runs(raised("2"), 2)])
    assert moves(result)[1:] == [("MQL", "exit", 2)]
    result = score_runs([*runs(given_world, 0, 1), *runs(raised("3"), 2)])
    assert moves(result)[1:] == []


def test_days_in_a_gap_count_as_the_score_before_it() -> None:
    # Days 1 to 8 are not recorded, so day 9 is the first day below.
    given_world = replace(
        level_world(steady(60), qualification_thresholds=[threshold(exit_days="2")]),
        history_fill_days=1,
    )
    assert len(moves(score_runs(runs(given_world, 0, 9)))) == 1
    assert [move[1:] for move in moves(score_runs(runs(given_world, 0, 9, 10)))] == [
        ("entry", 0),
        ("exit", 10),
    ]


def test_a_lead_may_hold_several_stages_and_shows_the_last() -> None:
    thresholds = [
        threshold("mql", enter_at="20", exit_below="20", exit_days="1"),
        threshold("SQL", exit_days="1"),
        threshold("mql", score="fit", enter_at="0", exit_below="0"),
    ]
    given_world = level_world(steady(30, 60, 25, 0), qualification_thresholds=thresholds)
    names = ("qualified_stage", "qualified_since", "is_mql", "is_sql")
    expected = [
        ("mql", on(0), True, False),
        ("SQL", on(1), True, True),
        ("mql", on(0), True, False),
        (None, None, False, False),
    ]
    for day, row in enumerate(expected):
        result = score_runs(runs(given_world, *range(day + 1)))
        assert columns(result.lead_scores, *names) == [row]


def test_a_stage_written_in_another_case_is_the_same_stage() -> None:
    given_world = level_world(steady(60, 0, 0), qualification_thresholds=[threshold("MQL")])
    renamed = with_seeds(given_world, qualification_thresholds=[threshold(" Mql")])
    result = score_runs([*runs(given_world, 0), *runs(renamed, 1, 2)])
    assert moves(result) == [("MQL", "entry", 0), ("Mql", "exit", 2)]


def test_a_stage_that_left_the_seed_is_not_held_on_a_replay() -> None:
    given_world = level_world(steady(60, 60), qualification_thresholds=[threshold()])
    without = with_seeds(given_world, qualification_thresholds=[])
    result = score_runs([*runs(given_world, 0, 1), *runs(without, 0)])
    assert only(result.lead_scores)["qualified_stage"] is None
    assert moves(result) == [("MQL", "entry", 0)]


# Backfill

WINDING = steady(50, 10, 50, 10, 10, 10, 60, 20, 20, 70)


def tables_of(result: RunsResult) -> dict[str, list[dict]]:
    """All that does not tell how often tables were published."""
    return {name: rows for name, rows in vars(result).items() if name != "score_changes"}


def test_daily_runs_give_what_one_backfill_gives() -> None:
    given_world = level_world(
        {"L1": WINDING, "L2": {4: 55, 8: 31}},
        leads=[lead("L1", account_id="A1"), lead("L2", created_at=on(3), account_id="A1")],
        qualification_thresholds=[threshold(), threshold("SQL", enter_at="60", exit_below="60")],
    )
    daily = score_runs(runs(given_world, *range(10)))
    assert len(daily.lead_stage_transitions) > 6
    backfilled = score_runs([Backfill(given_world, on(0), on(9))])
    assert tables_of(backfilled) == tables_of(daily)
    # Over what other runs left, it rewrites up to the latest recorded date.
    other = level_world({0: 99, 5: 99})
    steps = [*runs(given_world, 0, 1, 2), *runs(other, 9), Backfill(given_world, on(3), on(5))]
    assert tables_of(score_runs(steps)) == tables_of(daily)


def test_a_filled_gap_gives_the_transitions_of_daily_runs() -> None:
    given_world = level_world(WINDING, qualification_thresholds=[threshold()])
    daily, gap = score_runs(runs(given_world, *range(10))), score_runs(runs(given_world, 0, 9))
    assert gap.lead_stage_transitions == daily.lead_stage_transitions
    assert gap.lead_score_history == daily.lead_score_history


def test_a_backfill_publishes_its_last_date_only() -> None:
    given_world = level_world(steady(10, 20, 30))
    result = score_runs([Backfill(given_world, on(0), on(2))])
    assert columns(result.score_changes, "change_type", "change_number", "engagement_score") == [
        ("new", 1, 30)
    ]


def test_a_backfill_before_the_first_record_fills_up_to_it() -> None:
    given_world = level_world(steady(10, 20, 30))
    result = score_runs([*runs(given_world, 2), Backfill(given_world, on(0), on(0))])
    assert recorded(result) == [(0, 0), (1, 1), (2, 2)]
    assert only(result.lead_scores)["engagement_score"] == 30


# Leads that are gone


@pytest.mark.parametrize("day", [2, 0], ids=["the next run", "a replay"])
@pytest.mark.parametrize("how", ["no row", "tombstone", "erased", "erased by a raw row"])
def test_leads_that_are_gone_leave_history_and_transitions(how: str, day: int) -> None:
    given_world = level_world(
        {"L1": steady(60, 70), "L2": steady(80)}, qualification_thresholds=[threshold()]
    )
    erasure = {"lead_id": "L1", "requested_on": "2030-01-01"}
    without = {
        "no row": with_raw(given_world, raw_leads=[lead("L2")]),
        "tombstone": with_raw(given_world, raw_leads=[lead(is_deleted="true"), lead("L2")]),
        "erased": with_seeds(given_world, erasures=[erasure]),
        "erased by a raw row": with_raw(given_world, raw_erasures=[{"lead_id": "L1"}]),
    }[how]
    result = score_runs([*runs(given_world, 0, 1), *runs(without, day)])
    tables = (result.lead_score_history, result.lead_stage_transitions, result.lead_scores)
    assert [{row["lead_id"] for row in table} for table in tables] == [{"L2"}] * 3


def test_a_lead_that_comes_back_starts_anew() -> None:
    given_world = level_world(steady(60, 60, 60), qualification_thresholds=[threshold()])
    without = with_raw(given_world, raw_leads=[])
    result = score_runs([*runs(given_world, 0), *runs(without, 1), *runs(given_world, 2)])
    assert history(result) == [("L1", 2, 60, True)]
    assert columns(result.lead_stage_transitions, "entry_number", "transition_date") == [(1, on(2))]


def test_an_erased_lead_is_as_if_it_had_never_been_there() -> None:
    events = [event(), event(lead_id=None, anonymous_id="x"), event(lead_id="L2")]
    links = {"raw_identities": [{"anonymous_id": "x", "lead_id": "L1"}]}
    erasures = [{"lead_id": " L1 ", "requested_on": "2024-06-01", "note": ""}]
    leads = [lead("L1"), lead("L2"), lead("l1")]
    result = score_world(world(events, leads=leads, raw=links, erasures=erasures))
    assert [row["lead_id"] for row in result.lead_scores] == ["L2", "l1"]
    # The visitor is nobody then.
    assert counted(result) == {"unknown_lead": 1, "no_lead": 1, "counted": 1}
    raw = links | {"raw_erasures": [{"lead_id": "L2", "requested_at": None}]}
    result = score_world(world(events, leads=leads, raw=raw))
    assert [row["lead_id"] for row in result.lead_scores] == ["L1", "l1"]


# Forecast


def fading_world(age: int = 0, **more: Any) -> World:
    """60 points that lose one a day, so 30 at age 30 and 29 at age 31."""
    defaults = {
        "engagement_rules": [engagement_rule(points="60", decay="d")],
        "decay_curves": [curve("linear", "60")],
        "qualification_thresholds": [threshold()],
    }
    return world([event(age)], **defaults | more)


def cools_on(*steps: World) -> date | None:
    return only(score_runs(steps).lead_scores)["cools_on"]


def test_a_lead_cools_on_the_first_day_below_its_exit() -> None:
    assert cools_on(fading_world()) == on(31)
    assert cools_on(*runs(fading_world(), 0, 20)) == on(31)


def test_a_lead_that_is_below_already_cools_today() -> None:
    given_world = fading_world(qualification_thresholds=[threshold(exit_days="9")])
    assert cools_on(*runs(given_world, 0, 20, 35)) == on(35)


def test_the_forecast_ends() -> None:
    assert cools_on(replace(fading_world(), forecast_days=31)) == on(31)
    assert cools_on(replace(fading_world(), forecast_days=30)) is None
    assert cools_on(fading_world(decay_curves=[curve("none") | {"decay": "d"}])) is None


def test_a_lead_without_a_stage_has_no_forecast() -> None:
    assert cools_on(fading_world(11)) is None
    assert cools_on(fading_world(10)) == on(21)


def test_the_forecast_knows_nothing_that_comes_later() -> None:
    given_world = fading_world()
    later = with_raw(given_world, raw_events=[event(0), event(-5)])
    assert cools_on(later) == on(31)
    # On day x the events of days 0 and 5 have (60 - x) + (65 - x) points: below 30 from 48 on.
    assert cools_on(*runs(later, 0, 5)) == on(48)


def test_the_forecast_knows_no_later_conversions() -> None:
    conversions = [{"lead_id": "L1", "conversion_type": "purchase", "converted_at": on(3)}]
    audience = [{"scorecard": "g", "field": "past_purchases", "operator": "<", "value": "1"}]
    given_world = fading_world(raw={"raw_conversions": conversions}, scorecard_audiences=audience)
    assert cools_on(given_world) == on(31)


def test_a_lead_cools_when_it_leaves_the_scorecard() -> None:
    # Events count for 30 days, at ages 0 to 29.
    audience = [{"scorecard": "g", "field": "events_30d", "operator": ">", "value": "0"}]
    assert cools_on(fading_world(scorecard_audiences=audience)) == on(30)


def test_only_the_shown_stage_is_forecast() -> None:
    # The last stage is left at 49, at age 11.
    thresholds = [threshold(), threshold("SQL", exit_below="50")]
    assert cools_on(fading_world(qualification_thresholds=thresholds)) == on(11)


# Sales queue


def queue(result: RunsResult, *names: str) -> list[tuple]:
    return columns(result.sales_queue, "lead_id", *names)


def test_the_queue_holds_what_entered_since_the_run_before() -> None:
    given_world = level_world(
        {"L1": {0: 60, 1: 60, 2: 60, 3: 60}, "L2": {2: 60, 3: 60}, "L3": {3: 60}},
        qualification_thresholds=[threshold()],
    )
    # The first run has none before it.
    assert queue(score_runs(runs(given_world, 0))) == [("L1",)]
    assert queue(score_runs(runs(given_world, 0, 1))) == []
    assert queue(score_runs(runs(given_world, 0, 1, 3))) == [("L2",), ("L3",)]
    # The same date again: the run before is still that of day 1.
    assert queue(score_runs(runs(given_world, 0, 1, 3, 3))) == [("L2",), ("L3",)]
    assert queue(score_runs(runs(given_world, 0, 1, 2, 3))) == [("L3",)]
    # A replay of day 2 follows the run of day 1 too.
    assert queue(score_runs(runs(given_world, 0, 1, 3, 2))) == [("L2",)]


def test_the_queue_ranks_by_lead_score_then_engagement_then_id() -> None:
    # Lead scores: L1 (20+60)/2 = 40, L2 (0+80)/2 = 40, L3 = l3 = 80/2, L4 (20+80)/2 = 50
    titles = {"L1": "x", "L4": "x"}
    levels = {"L1": 60, "L2": 80, "l3": 80, "L3": 80, "L4": 80}
    given_world = level_world(
        {lead_id: {0: level} for lead_id, level in levels.items()},
        leads=[lead(lead_id, job_title=titles.get(lead_id)) for lead_id in levels],
        fit_rules=[rule("f", "job_title is_known", "20")],
        qualification_thresholds=[threshold()],
    )
    ranked = dict(queue(score_runs([given_world]), "queue_rank"))
    assert ranked == {"L4": 1, "L2": 2, "L3": 3, "l3": 4, "L1": 5}


def test_ranks_are_counted_by_scorecard() -> None:
    given_world = level_world(
        {"L1": {0: 60}, "L2": {0: 60}},
        leads=[lead("L1"), lead("L2", country="de")],
        scorecards=[scorecard(), scorecard("h")],
        scorecard_audiences=[
            {"scorecard": "h", "field": "country", "operator": "equals", "value": "de"}
        ],
        qualification_thresholds=[
            threshold(),
            threshold(scorecard="h", score="lead", enter_at="0", exit_below="0"),
        ],
    )
    assert queue(score_runs([given_world]), "scorecard", "queue_rank") == [
        ("L1", "g", 1),
        ("L2", "g", 2),
        ("L2", "h", 1),
    ]


def test_the_queue_leaves_out_suppressed_leads_customers_and_those_who_left() -> None:
    suppressions = [
        {"suppression_id": "s", "field": "country", "operator": "equals", "value": "xx"}
    ]
    given_world = level_world(
        {lead_id: {0: 60} for lead_id in ("L1", "L2", "L3")},
        leads=[lead("L1", country="XX"), lead("L2"), lead("L3")],
        raw={
            "raw_conversions": [
                {"lead_id": "L2", "conversion_type": "purchase", "converted_at": on(0)}
            ]
        },
        suppressions=suppressions,
        qualification_thresholds=[threshold(exit_days="1")],
    )
    assert queue(score_runs([given_world])) == [("L3",)]
    # In on day 0 and out on day 1, both since the run before.
    early = score_runs(runs(given_world, -1, 1))
    assert moves(early)[-2:] == [("MQL", "entry", 0), ("MQL", "exit", 1)]
    assert queue(early) == []


def test_which_stages_are_for_sales() -> None:
    thresholds = [
        threshold("MQL", enter_at="20"),
        threshold("SAL", enter_at="40", exit_below="20"),
        threshold("SQL"),
    ]
    given_world = level_world(
        {"L1": {0: 60}, "L2": {0: 45}, "L3": {0: 30}}, qualification_thresholds=thresholds
    )

    def stages(sales_stages: list[str] | None) -> list[tuple]:
        return queue(score_runs([replace(given_world, sales_stages=sales_stages)]), "stage")

    assert stages(None) == [("L1", "SQL")]
    assert stages([" sal", "mql"]) == [("L1", "SAL"), ("L2", "SAL"), ("L3", "MQL")]
    assert stages([]) == []


def test_a_row_of_the_queue() -> None:
    given_world = level_world(
        {0: 60, 3: 70},
        leads=[lead(email=" Ann@a.com", job_title="VP", account_id="A1", country="DE")],
        raw={"raw_firmographics": [{"account_id": "A1", "company_name": "Acme", "country": "US"}]},
        score_bands=[
            {"scorecard": "g", "score": score, "band": band, "min_score": "0"}
            for score, band in (("fit", "D"), ("engagement", "4"), ("lead", "cold"))
        ],
        lead_stages=[
            {
                "scorecard": "g",
                "fit_band": "D",
                "engagement_band": "4",
                "stage": "any",
                "next_action": "Call",
            }
        ],
        qualification_thresholds=[threshold()],
    )
    assert only(score_runs(runs(given_world, 0, 1, 2, 3)).sales_queue) == {
        "lead_id": "L1",
        "scorecard": "g",
        "queue_rank": 1,
        "stage": "MQL",
        "entered_on": on(3),
        "is_reentry": True,
        "entry_number": 2,
        "fit_score": 0,
        "engagement_score": 70,
        "lead_score": 35,
        "score_label": "D4",
        # 70 against 0 on day -4
        "score_trend": "rising",
        "next_action": "Call",
        "top_reason_1": "reason of r70",
        # The event of day 0 has decayed to nothing and stays a reason.
        "top_reason_2": "reason of r60",
        "top_reason_3": None,
        "email": "Ann@a.com",
        "job_title": "VP",
        "account_id": "A1",
        "company_name": "Acme",
        "country": "DE",
    }


# Nurture queue


def nurtured(result: RunsResult, *names: str) -> list[tuple]:
    return columns(result.nurture_queue, "lead_id", "nurture_reason", *names)


def test_a_lead_that_left_is_recycled_for_a_while() -> None:
    given_world = replace(
        level_world(steady(60), qualification_thresholds=[threshold(exit_days="1")]),
        recycled_days=3,
    )
    left = ("L1", "recycled", "MQL", on(1), None)
    names = ("stage", "since", "cools_on")
    assert nurtured(score_runs(runs(given_world, 0, 1)), *names) == [left]
    assert nurtured(score_runs(runs(given_world, 0, 1, 3)), *names) == [left]
    assert nurtured(score_runs(runs(given_world, 0, 1, 4)), *names) == []


def test_a_lead_that_will_cool_soon_is_cooling() -> None:
    # Cools on day 31: 14 days away on day 17.
    given_world = fading_world()
    assert nurtured(score_runs(runs(given_world, 0, 16))) == []
    result = score_runs(runs(given_world, 0, 17))
    assert nurtured(result, "stage", "since", "cools_on") == [
        ("L1", "cooling", "MQL", on(0), on(31))
    ]
    assert nurtured(score_runs(runs(given_world, 0, 16, cooling_days=15))) != []


def test_a_lead_that_holds_a_stage_is_not_recycled() -> None:
    thresholds = [
        threshold("MQL", enter_at="10", exit_below="0"),
        threshold("SQL", exit_days="1"),
    ]
    given_world = level_world(steady(60), qualification_thresholds=thresholds)
    result = score_runs(runs(given_world, 0, 1))
    assert moves(result)[-1] == ("SQL", "exit", 1)
    assert nurtured(result) == []


def test_of_exits_on_one_date_the_last_stage_of_the_seed_counts() -> None:
    one_day = {"exit_days": "1"}
    before = [threshold(stage, **one_day) for stage in ("b", "a", "old B", "old A")]
    after = [threshold(stage, **one_day) for stage in ("b", "a")]
    given_world = level_world(steady(60), qualification_thresholds=before)
    narrowed = with_seeds(given_world, qualification_thresholds=after)
    assert nurtured(score_runs([*runs(given_world, 0), *runs(narrowed, 1)]), "stage") == [
        ("L1", "recycled", "a")
    ]
    without = with_seeds(given_world, qualification_thresholds=[])
    assert nurtured(score_runs([*runs(given_world, 0), *runs(without, 1)]), "stage") == [
        ("L1", "recycled", "a")
    ]
    odd = with_seeds(given_world, qualification_thresholds=before[2:])
    emptied = with_seeds(given_world, qualification_thresholds=[threshold("new", **one_day)])
    assert nurtured(score_runs([*runs(odd, 0), *runs(emptied, 1)]), "stage") == [
        ("L1", "recycled", "old A")
    ]


def test_suppressed_leads_and_customers_are_not_nurtured() -> None:
    result = score_runs(runs(suppressed_on(1), 0, 1))
    assert (len(exits(result)), result.nurture_queue) == (1, [])
    given_world = with_raw(
        fading_world(),
        raw_conversions=[{"lead_id": "L1", "conversion_type": "purchase", "converted_at": on(9)}],
    )
    assert nurtured(score_runs(runs(given_world, 0, 20))) == []


def journey(*events: dict, steps: list[tuple[str, str, str]]) -> str:
    given_world = world(
        [event(page_path="start"), *events],
        engagement_rules=[
            engagement_rule(points="60", decay="d", max_points="60")
            | {"field": "page_path", "operator": "equals", "value": "start"}
        ],
        decay_curves=[curve("linear", "6")],
        qualification_thresholds=[threshold()],
        event_catalog=[catalogued("view"), catalogued("demo", event_type=" Demo_Request")],
        journey_steps=[dict(zip(("field", "value", "step"), s, strict=True)) for s in steps],
    )
    return only(score_runs([given_world]).nurture_queue)["journey_step"]


JOURNEY_CASES = [
    ("nothing maps", [event(content_topic="x")], [], "awareness"),
    (
        "by topic, without case",
        [event(content_topic=f" Pricing{NBSP}")],
        [("Content_Topic", " pricing ", "Consideration")],
        "consideration",
    ),
    (
        "by the catalogue's type",
        [event(event_type="DEMO")],
        [("event_type", "demo_request", "decision")],
        "decision",
    ),
    (
        "the furthest step",
        [event(content_topic="a"), event(9, content_topic="b"), event(content_topic="c")],
        [
            ("content_topic", "a", "awareness"),
            ("content_topic", "b", "decision"),
            ("content_topic", "c", "consideration"),
        ],
        "decision",
    ),
    (
        "89 days ago",
        [event(89, content_topic="a")],
        [("content_topic", "a", "decision")],
        "decision",
    ),
    (
        "90 days ago",
        [event(90, content_topic="a")],
        [("content_topic", "a", "decision")],
        "awareness",
    ),
    (
        "a type that the catalogue lacks",
        [event(event_type="odd", content_topic="a")],
        [("content_topic", "a", "decision"), ("event_type", "odd", "decision")],
        "awareness",
    ),
]


@pytest.mark.parametrize(
    ("events", "steps", "expected"),
    [c[1:] for c in JOURNEY_CASES],
    ids=[c[0] for c in JOURNEY_CASES],
)
def test_journey_step(events: list[dict], steps: list[tuple], expected: str) -> None:
    assert journey(*events, steps=steps) == expected


def test_a_row_of_the_nurture_queue() -> None:
    given_world = with_raw(fading_world(), raw_events=[event(content_topic=" Scoring ")])
    # Day 20: 40 points, so a lead score of 20; day 13: 47 points.
    assert only(score_runs(runs(given_world, 0, 20)).nurture_queue) == {
        "lead_id": "L1",
        "scorecard": "g",
        "nurture_reason": "cooling",
        "stage": "MQL",
        "since": on(0),
        "cools_on": on(31),
        "topic_interest": "scoring",
        "journey_step": "awareness",
        "fit_score": 0,
        "engagement_score": 40,
        "lead_score": 20,
        "score_trend": "falling",
    }


# Score changes


def changes(result: RunsResult) -> list[tuple]:
    rows = columns(
        result.score_changes, "lead_id", "change_type", "changed_columns", "change_number"
    )
    return sorted(rows, key=str)


def test_the_first_run_changes_everything() -> None:
    result = score_runs([level_world({"L1": {0: 10}, "L2": {}})])
    assert changes(result) == [("L1", "new", None, 1), ("L2", "new", None, 1)]
    row = next(row for row in result.score_changes if row["lead_id"] == "L1")
    assert row["sync_key"] == md5(b"L1\x1fg").hexdigest()
    assert (row["engagement_score"], row["changed_at"]) == (10, datetime(2024, 6, 30))


def test_a_run_lists_what_changed() -> None:
    # A gain of 0.02 in a week is steady, and makes 0.01 in the lead score.
    before = level_world({"L1": {0: 10, 1: 10.02}, "L2": {0: 10, 1: 10}, "L3": {0: 10, 1: 10}})
    after = with_raw(before, raw_leads=[lead("L1"), lead("L2"), lead("L4")])
    steps = [*runs(before, 0), *runs(after, 1)]
    reasons = "top_reason_1|top_reason_2"
    result = score_runs(steps)
    assert changes(result) == [
        ("L1", "changed", f"engagement_score|lead_score|{reasons}", 2),
        ("L4", "new", None, 2),
        (None, "removed", None, 2),
    ]
    removed = next(row for row in result.score_changes if row["change_type"] == "removed")
    assert removed["sync_key"] == md5(b"L3\x1fg").hexdigest()
    assert (removed["scorecard"], removed["changed_at"]) == ("g", datetime(2024, 7, 1))
    values = ("lead_score", "stage", "is_mql", "is_customer", "qualified_since", "top_reason_1")
    assert [removed[name] for name in values] == [None] * 6


def test_a_run_that_changes_nothing_leaves_the_table() -> None:
    given_world = level_world(steady(10, 20, 20, 30))
    second = score_runs(runs(given_world, 0, 1))
    third = score_runs(runs(given_world, 0, 1, 1))
    assert third.score_changes == second.score_changes
    assert {row["change_number"] for row in third.score_changes} == {2}
    fourth = score_runs(runs(given_world, 0, 1, 1, 3))
    assert {row["change_number"] for row in fourth.score_changes} == {3}


def test_an_empty_first_run_is_no_change() -> None:
    nobody = level_world({}, leads=[])
    assert score_runs([nobody]).score_changes == []
    result = score_runs([nobody, level_world({"L1": {}})])
    assert changes(result) == [("L1", "new", None, 1)]


def test_a_lead_that_comes_back_is_new() -> None:
    given_world = level_world({"L1": {}, "L2": {}})
    without = with_raw(given_world, raw_leads=[lead("L2")])
    result = score_runs([given_world, without, given_world])
    assert changes(result) == [("L1", "new", None, 3)]


def test_changes_are_against_the_run_before_even_a_replay() -> None:
    given_world = level_world(steady(10, 20))
    result = score_runs(runs(given_world, 0, 1, 0))
    row = only(result.score_changes)
    assert (row["change_number"], row["engagement_score"]) == (3, 10)
    assert row["changed_at"] == datetime(2024, 6, 30)


# Accounts


def account_world(levels: dict[str, float], **more: Any) -> World:
    """Leads of account A1 with an engagement score each on day 0."""
    return level_world(
        {lead_id: {0: level} for lead_id, level in levels.items()},
        **{"leads": [lead(lead_id, account_id="A1") for lead_id in levels]} | more,
    )


def account(given_world: World) -> dict:
    return only(score_runs([given_world]).account_scores)


def rollup(method: str, **columns_: str) -> list[dict]:
    return [{"scorecard": "g", "method": method} | columns_]


ROLLUP_CASES = [
    ("the best lead counts by default", {"a": 10, "b": 40, "c": 30}, [], "40"),
    ("max", {"a": 10, "b": 40}, rollup(" Max "), "40"),
    ("sum", {"a": 10, "b": 40, "c": 0.01}, rollup("sum"), "50.01"),
    ("a sum is at most 100", {"a": 60, "b": 40.01}, rollup("sum"), "100"),
    # 40 + 30/2 + 20/4; the fourth does not count
    (
        "top three, halved by place",
        {"a": 20, "b": 40, "c": 30, "d": 10},
        rollup("top_k", top_k="3", discount="0.5"),
        "60",
    ),
    ("fewer leads than k", {"a": 20}, rollup("top_k", top_k="3", discount="0.5"), "20"),
    (
        "a discount of 0 keeps the first",
        {"a": 20, "b": 10},
        rollup("top_k", top_k="2", discount="0"),
        "20",
    ),
    (
        "a discount of 1 keeps all, up to 100",
        {"a": 70, "b": 60},
        rollup("top_k", top_k="2", discount="1"),
        "100",
    ),
    # 10 + 10/4 + 10/16 = 13.125
    (
        "rounded away from zero",
        {"a": 10, "b": 10, "c": 10},
        rollup("top_k", top_k="3", discount="0.25"),
        "13.13",
    ),
]


@pytest.mark.parametrize(
    ("levels", "rollups", "expected"),
    [c[1:] for c in ROLLUP_CASES],
    ids=[c[0] for c in ROLLUP_CASES],
)
def test_rollups(levels: dict[str, float], rollups: list[dict], expected: str) -> None:
    row = account(account_world(levels, account_rollups=rollups))
    assert row["account_engagement_score"] == Decimal(expected)
    assert row["lead_count"] == len(levels)


def test_an_account_without_leads() -> None:
    given_world = account_world({}, raw={"raw_firmographics": [{"account_id": "A1"}]})
    row = account(given_world)
    assert (row["lead_count"], row["account_engagement_score"]) == (0, 0)
    assert (row["best_lead_id"], row["best_lead_score"], row["score_trend"]) == (None, None, "new")


def test_account_fit_uses_rules_on_the_account_alone() -> None:
    firm = {"account_id": "A1", "company_name": "Acme", "industry": "Retail", "country": "de"}
    rules = [
        rule("firm", "industry equals retail", "30"),
        rule("home", "account_country equals DE", "20", category="d"),
        rule("missing", "employee_count is_unknown", "5"),
        # on the lead, at least in one row
        rule("lead", "country is_unknown", "11"),
        rule("both", "industry is_known", "7"),
        rule("both", "country is_unknown", "7"),
    ]
    caps = [
        {"scorecard": "g", "score": "fit", "category": "c", "max_points": "25"},
        {"scorecard": "g", "score": "engagement", "category": "d", "max_points": "1"},
    ]
    given_world = account_world(
        {"a": 40}, raw={"raw_firmographics": [firm]}, fit_rules=rules, category_caps=caps
    )
    row = account(given_world)
    # c: 30 + 5, capped at 25; d: 20. And (45 + 40) / 2.
    assert (row["account_fit_score"], row["account_score"]) == (45, Decimal("42.5"))
    assert row["company_name"] == "Acme"
    # 45 of 60 points are 75.
    wider = with_seeds(given_world, account_rollups=rollup("max", fit_max_points="60"))
    assert account(wider)["account_fit_score"] == 75
    # 45 of 40 points are 100.
    narrower = with_seeds(given_world, account_rollups=rollup("max", fit_max_points="40"))
    assert account(narrower)["account_fit_score"] == 100


def test_an_account_that_only_leads_name_has_unknown_fields() -> None:
    rules = [rule("a", "industry is_unknown", "5"), rule("b", "industry equals x", "50")]
    row = account(account_world({"a": 10}, fit_rules=rules))
    assert (row["account_id"], row["company_name"], row["account_fit_score"]) == ("A1", None, 5)


def test_the_account_score_weighs_scores_that_are_not_rounded() -> None:
    given_world = account_world(
        {"a": 0.01, "b": 0.01},
        fit_rules=[rule("a", "industry is_unknown", "1")],
        account_rollups=rollup("top_k", top_k="2", discount="0.5", fit_max_points="3"),
        scorecards=[scorecard(fit_weight="1", engagement_weight="49")],
    )
    row = account(given_world)
    # 100 / 3, and 0.01 + 0.01 / 2
    assert row["account_fit_score"] == Decimal("33.33")
    assert row["account_engagement_score"] == Decimal("0.02")
    # (33.3333... + 49 * 0.015) / 50 = 0.68136...; with 33.33 and 0.02 it would be 0.6862.
    assert row["account_score"] == Decimal("0.68")


def test_which_accounts_and_scorecards_have_a_row() -> None:
    leads = [
        lead("L1", account_id="A1", country="de"),
        lead("L2", account_id="A2", country="us"),
        lead("L3", account_id="A3", created_at=on(1)),
        lead("L4", account_id=" "),
        lead("L5", account_id="A5", country="xx"),
    ]
    firms = [
        {"account_id": "A4"},
        {"account_id": "A6", "is_deleted": "true"},
        {"account_id": "A2", "company_name": "Beta"},
        {"account_id": None},
    ]
    given_world = level_world(
        {},
        leads=leads,
        raw={"raw_firmographics": firms},
        scorecards=[scorecard(), scorecard("local")],
        scorecard_audiences=[
            {"scorecard": "local", "field": "country", "operator": "in", "value": "de|xx"}
        ],
        suppressions=[
            {"suppression_id": "s", "field": "country", "operator": "equals", "value": "xx"}
        ],
    )
    rows = score_runs([given_world]).account_scores
    assert columns(rows, "account_id", "scorecard", "lead_count") == [
        ("A1", "g", 1),
        ("A1", "local", 1),
        ("A2", "g", 1),
        ("A4", "g", 0),
        ("A5", "g", 0),
        # A suppressed lead brings the row, but does not count in it.
        ("A5", "local", 0),
    ]


def test_suppressed_leads_do_not_count_for_the_account() -> None:
    given_world = account_world(
        {"a": 90, "b": 40},
        leads=[lead("a", account_id="A1", country="xx"), lead("b", account_id="A1")],
        suppressions=[
            {"suppression_id": "s", "field": "country", "operator": "equals", "value": "xx"}
        ],
    )
    row = account(given_world)
    assert (row["account_engagement_score"], row["best_lead_id"]) == (40, "b")
    assert (row["lead_count"], row["engaged_lead_count"]) == (1, 1)


def test_the_best_lead_of_an_account() -> None:
    # Lead scores: a (40+0)/2 = 20, b and c (20+20)/2 = 20, more engagement; b before c
    rules = [rule("f", "job_title equals x", "40"), rule("g", "job_title equals y", "20")]
    leads = [
        lead("a", account_id="A1", job_title="x"),
        lead("c", account_id="A1", job_title="y"),
        lead("b", account_id="A1", job_title="y"),
    ]
    given_world = level_world({"b": {0: 20}, "c": {0: 20}}, leads=leads, fit_rules=rules)
    row = account(given_world)
    assert (row["best_lead_id"], row["best_lead_score"]) == ("b", 20)
    # Lead a did nothing.
    assert (row["lead_count"], row["engaged_lead_count"]) == (3, 2)


def test_an_engaged_lead_did_something_in_30_days() -> None:
    given_world = level_world(
        {"a": {-29: 5}, "b": {-30: 5}},
        leads=[lead("a", account_id="A1"), lead("b", account_id="A1")],
    )
    assert account(given_world)["engaged_lead_count"] == 1


def role_rule(role_rule_id: str, role: str, condition: str) -> dict:
    field, operator, value = [*condition.split(" ", 2), "", ""][:3]
    return {
        "role_rule_id": role_rule_id,
        "role": role,
        "field": field,
        "operator": operator,
        "value": value,
    }


def test_buying_roles() -> None:
    given_world = account_world(
        {"a": 0, "b": 0, "c": 0},
        leads=[
            lead("a", account_id="A1", job_title="VP", department="finance"),
            lead("b", account_id="A1", job_title="CEO", country="xx"),
            lead("c", account_id="A1", job_title="vp", department="it"),
        ],
        suppressions=[
            {"suppression_id": "s", "field": "country", "operator": "equals", "value": "xx"}
        ],
        buying_roles=[
            {"role": " Decision maker "},
            {"role": "champion"},
            {"role": "Budget"},
            {"role": "user"},
        ],
        buying_role_rules=[
            role_rule("1", "decision maker", "job_title equals ceo"),
            role_rule("2", "Champion", "job_title equals vp"),
            role_rule("2", "Champion", "department equals it"),
            role_rule("3", "budget", "department equals finance"),
            role_rule("4", "budget", "job_title equals cfo"),
        ],
    )
    row = account(given_world)
    # The CEO is suppressed. Upper case comes before lower case.
    assert row["roles_covered"] == "Budget|champion"
    assert row["roles_missing"] == "Decision maker|user"
    assert row["buying_role_coverage"] == 0.5
    plain = account(account_world({"a": 0}))
    assert [plain[name] for name in ("buying_role_coverage", "roles_covered", "roles_missing")] == [
        None
    ] * 3


def test_bands_of_accounts() -> None:
    bands = [
        ("fit", "A", "50"),
        ("fit", "B", "0"),
        ("engagement", "1", "40"),
        ("engagement", "2", "0"),
    ]
    rows = [
        dict(zip(("scorecard", "score", "band", "min_score"), ("g", *band), strict=True))
        for band in bands
    ]
    row = account(account_world({"a": 40}, score_bands=rows))
    assert (row["fit_band"], row["engagement_band"], row["account_label"]) == ("B", "1", "B1")
    row = account(account_world({"a": 40}, score_bands=rows[:2]))
    assert (row["fit_band"], row["engagement_band"], row["account_label"]) == ("B", None, None)


def test_the_trend_of_an_account_is_that_of_its_roll_up() -> None:
    given_world = level_world(
        {"a": {-30: 70, -7: 20, 0: 10}, "b": {-7: 10, 0: 25}},
        leads=[lead("a", account_id="A1"), lead("b", account_id="A1", created_at=on(-20))],
        account_rollups=rollup("sum"),
    )
    row = account(given_world)
    # 35 against 30 a week ago and 70 a month ago, when b did not exist
    assert (row["engagement_delta_7d"], row["engagement_delta_30d"]) == (5, -35)
    assert row["score_trend"] == "rising"


def test_an_account_without_leads_a_week_ago_is_new() -> None:
    given_world = account_world({"a": 10}, leads=[lead("a", account_id="A1", created_at=on(-6))])
    row = account(given_world)
    assert (row["score_trend"], row["engagement_delta_7d"]) == ("new", None)


# Marketing


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # The textbook's 8 of 10, and the closed forms for none and all: z² / (n + z²)
        (8, 10, 0.490162, 0.943318),
        (0, 10, 0.0, 3.841459 / 13.841459),
        (10, 10, 10 / 13.841459, 1.0),
        (1, 1, 1 / 4.841459, 1.0),
    ],
)
def test_wilson_interval(count: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(count, total) == pytest.approx((low, high), abs=1e-6)


def group(rows: list[dict], dimension: str, value: str, scorecard_: str = "g") -> dict:
    key = (scorecard_, dimension, value)
    return only(
        [row for row in rows if (row["scorecard"], row["dimension"], row["dimension_value"]) == key]
    )


def conversion(lead_id: str, day: int, amount: str | None = None, **columns_: str) -> dict:
    return {
        "lead_id": lead_id,
        "conversion_type": "purchase",
        "converted_at": on(day),
        "amount": amount,
    } | columns_


def test_channel_performance() -> None:
    given_world = level_world(
        {"L1": {-2: 60, 0: 10}, "L2": {0: 20}, "L3": {-2: 60}},
        leads=[
            lead("L1", lead_source=" Web "),
            lead("L2", lead_source="WEB", country="xx"),
            lead("L3", lead_source="fair"),
            lead("L4", lead_source="web"),
        ],
        raw={
            "raw_conversions": [
                conversion("L1", -1, "10"),
                conversion("L1", 0, "5.5"),
                conversion("L1", 1, "100"),
                conversion("L2", 0, "x"),
                conversion("L3", 0, "7"),
                conversion("L4", 0, "9", conversion_type="demo"),
            ]
        },
        suppressions=[
            {"suppression_id": "s", "field": "country", "operator": "equals", "value": "xx"}
        ],
        qualification_thresholds=[threshold("Mql", exit_days="1"), threshold("sql", enter_at="90")],
    )
    rows = score_runs(runs(given_world, -2, -1, 0)).channel_performance
    web = group(rows, "lead_source", "web")
    # L1 entered on day -2 and left since; L1 and L2 converted, of which one amount is known.
    assert {name: web[name] for name in web if not name.endswith(("_low", "_high"))} == {
        "scorecard": "g",
        "dimension": "lead_source",
        "dimension_value": "web",
        "lead_count": 3,
        "suppressed_lead_count": 1,
        "average_fit_score": 0.0,
        "average_engagement_score": 10.0,
        "average_lead_score": 5.0,
        "mql_count": 1,
        "sql_count": 0,
        "converted_lead_count": 2,
        "mql_rate": 1 / 3,
        "sql_rate": 0.0,
        "conversion_rate": 2 / 3,
        "amount": 15.5,
        "amount_per_lead": 15.5 / 3,
    }
    # None of 3: at most z² / (3 + z²).
    assert (web["sql_rate_low"], web["sql_rate_high"]) == pytest.approx((0, 3.841459 / 6.841459))
    fair = group(rows, "lead_source", "fair")
    assert (fair["lead_count"], fair["mql_count"], fair["amount"]) == (1, 1, 7)
    assert group(rows, "campaign", "(unknown)")["lead_count"] == 4
    assert group(rows, "first_channel", "(unknown)")["lead_count"] == 4


def test_first_and_last_channel_are_dimensions() -> None:
    events = [
        event(3, channel="Paid", event_id="a"),
        event(1, channel="web ", event_id="b"),
        event(2, channel="web", event_id="c", lead_id="L2"),
    ]
    result = score_runs([world(events, leads=[lead("L1"), lead("L2"), lead("L3")])])
    counts = {
        (row["dimension"], row["dimension_value"]): row["lead_count"]
        for row in result.channel_performance
        if row["dimension"].endswith("channel")
    }
    assert counts == {
        ("first_channel", "paid"): 1,
        ("first_channel", "web"): 1,
        ("first_channel", "(unknown)"): 1,
        ("last_channel", "web"): 2,
        ("last_channel", "(unknown)"): 1,
    }


def test_entries_after_the_date_do_not_count_on_a_replay() -> None:
    given_world = level_world({2: 60}, qualification_thresholds=[threshold()])
    rows = score_runs(runs(given_world, 0, 2)).channel_performance
    assert group(rows, "campaign", "(unknown)")["mql_count"] == 1
    rows = score_runs(runs(given_world, 0, 2, 1)).channel_performance
    assert group(rows, "campaign", "(unknown)")["mql_count"] == 0


def content_world(first_touch: int) -> World:
    """Into the stage on day 2, converted on days 1 and 3."""
    given_world = level_world(
        {2: 60},
        raw={"raw_conversions": [conversion("L1", 1, "10"), conversion("L1", 3, "1")]},
        qualification_thresholds=[threshold()],
    )
    touches = [event(-first_touch, content_topic=" Guide "), event(-3, content_topic="guide")]
    return with_raw(given_world, raw_events=given_world.raw["raw_events"] + touches)


@pytest.mark.parametrize(
    ("first_touch", "expected"),
    [(0, (1, 1, 11)), (1, (1, 1, 11)), (2, (1, 1, 1)), (3, (0, 1, 1))],
)
def test_content_counts_from_the_first_touch_on(first_touch: int, expected: tuple) -> None:
    rows = score_runs(runs(content_world(first_touch), 0, 1, 2, 3)).content_performance
    row = only(rows)
    assert (row["scorecard"], row["content_topic"], row["lead_count"]) == ("g", "guide", 1)
    assert (row["mql_count"], row["converted_lead_count"], row["amount"]) == expected


def test_only_engagement_counts_as_content() -> None:
    events = [
        event(event_type="email_delivered", content_topic="mail"),
        event(event_type="odd", content_topic="odd"),
        event(content_topic="seen", occurred_at="2023-01-01"),
        event(content_topic="later", occurred_at="2024-07-01"),
        event(content_topic="other", lead_id="L2"),
    ]
    result = score_runs([world(events, leads=[lead("L1"), lead("L2"), lead("L3")])])
    assert columns(result.content_performance, "content_topic", "lead_count") == [
        ("other", 1),
        ("seen", 1),
    ]


# Statements that hold in every world


def test_no_runs() -> None:
    assert score_runs([]) == RunsResult()


def test_score_world_gives_what_a_run_gives() -> None:
    given_world = fading_world()
    row = only(score_world(given_world).lead_scores)
    run_row = only(score_runs([given_world]).lead_scores)
    assert row.items() <= run_row.items()


THRESHOLDS = [
    threshold("mql", scorecard=name, score=score, enter_at=enter, exit_below=leave, exit_days=days)
    for name in ("global", "Global", "pro plan")
    for score, enter, leave, days in (("lead", "10", "5", "3"), ("engagement", "5", "1", "2"))
]


def test_invariants_of_any_sequence() -> None:
    @settings(
        max_examples=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(with_traits=True, with_count_windows=True))
    def check(drawn: World) -> None:
        given_world = with_seeds(drawn, qualification_thresholds=THRESHOLDS)
        days = range(-6, 1)
        daily = score_runs(runs(given_world, *days))
        gap = score_runs(runs(given_world, days[0], days[-1]))
        backfilled = score_runs([Backfill(given_world, on(days[0]), on(days[-1]))])
        assert tables_of(backfilled) == tables_of(daily)
        assert gap.lead_stage_transitions == daily.lead_stage_transitions
        assert gap.lead_score_history == daily.lead_score_history
        assert_each_date_is_what_a_run_of_its_own_gives(given_world, daily, days)
        assert_transitions_alternate(daily)

    check()


def assert_each_date_is_what_a_run_of_its_own_gives(
    given_world: World, daily: RunsResult, days: range
) -> None:
    names = ("fit_score", "engagement_score", "lead_score")
    for day in days:
        known = {
            (row["lead_id"], row["scorecard"]): tuple(row[name] for name in names)
            for row in daily.lead_score_history
            if row["as_of_date"] <= on(day)
        }
        scored = {key: scores for key, scores in known.items() if scores[0] is not None}
        assert scored == {
            (row["lead_id"], row["scorecard"]): tuple(row[name] for name in names)
            for row in score_world(replace(given_world, as_of=on(day))).lead_scores
        }


def assert_transitions_alternate(result: RunsResult) -> None:
    by_stage: dict[tuple, list[dict]] = {}
    for row in result.lead_stage_transitions:
        by_stage.setdefault((row["lead_id"], row["scorecard"], row["stage"]), []).append(row)
    for rows in by_stage.values():
        assert [row["transition"] for row in rows] == (["entry", "exit"] * len(rows))[: len(rows)]
        assert [row["entry_number"] for row in rows] == [i // 2 + 1 for i in range(len(rows))]
