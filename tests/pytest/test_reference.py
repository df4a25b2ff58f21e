"""The reference implementation against the specification's vectors and cases worked by hand."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from reference import Result, World, score_world
from reference.conditions import is_open, read_condition
from reference.decay import factor, read_curve
from reference.values import READERS, boolean, exact, members, number, rounded, text, timestamp
from worlds import worlds

AS_OF = date(2024, 6, 30)
NBSP = "\u00a0"


# Small worlds: one lead, one scorecard of 100 points each, a few event types


def world(
    events: list[dict] | None = None,
    leads: list[dict] | None = None,
    raw: dict[str, list[dict]] | None = None,
    **seeds: list[dict],
) -> World:
    return World(
        as_of=AS_OF,
        raw={
            "raw_leads": [lead()] if leads is None else leads,
            "raw_events": events or [],
        }
        | (raw or {}),
        seeds={
            "scorecards": [scorecard()],
            "event_catalog": [
                catalogued("view"),
                catalogued("email_delivered", is_engagement="false"),
                catalogued("email_open"),
                catalogued("email_click"),
            ],
        }
        | seeds,
    )


def lead(lead_id: str | None = "L1", **columns: Any) -> dict:
    return {"lead_id": lead_id, "created_at": "2023-01-01"} | columns


def event(age: int = 0, at: str = "10:00:00", **columns: Any) -> dict:
    occurred_on = AS_OF - timedelta(days=age)
    defaults = {"lead_id": "L1", "event_type": "view", "occurred_at": f"{occurred_on}T{at}Z"}
    return defaults | columns


def catalogued(name: str, **columns: str | None) -> dict:
    defaults = {"raw_event_type": name, "event_type": name, "channel": None}
    return defaults | {"is_engagement": "true"} | columns


def scorecard(name: str = "g", **columns: str) -> dict:
    return {
        "scorecard": name,
        "fit_weight": "1",
        "engagement_weight": "1",
        "fit_max_points": "100",
        "engagement_max_points": "100",
    } | columns


def rule(rule_id: str, condition: str, points: str = "10", **columns: str) -> dict:
    """A condition is written `field operator value`."""
    field, operator, value = [*condition.split(" ", 2), "", ""][:3]
    return {
        "rule_id": rule_id,
        "scorecard": "g",
        "category": "c",
        "field": field,
        "operator": operator,
        "value": value,
        "points": points,
        "reason": f"reason of {rule_id}",
    } | columns


def engagement_rule(rule_id: str = "r", points: str = "10", **columns: str) -> dict:
    return rule(rule_id, "", points) | {"event_type": "view"} | columns


def curve(kind: str, days: str = "", percent: str = "", **columns: str) -> dict:
    return {"decay": "d", "kind": kind, "days": days, "percent": percent} | columns


def only_score(result: Result) -> dict:
    (row,) = result.lead_scores
    return row


def points_by_rule(result: Result) -> dict[str, Decimal]:
    return {row["rule_id"]: row["points"] for row in result.contributions}


def counted(result: Result) -> dict[str, int]:
    return {bucket: count for bucket, count in result.event_buckets.items() if count}


def traits(events: list[dict], **more: Any) -> dict:
    (row,) = score_world(world(events, **more)).lead_traits
    return row


# Section 8, the test vectors

FACTOR_VECTORS = [
    ("linear over 90 days", curve("linear", "90"), "9", {3: "8.7"}),
    ("linear ends at its lifespan", curve("linear", "90"), "9", {90: "0"}),
    ("stepped by half", curve("stepped", "30", "50"), "10", {0: "10", 30: "5", 60: "0"}),
    ("stepped by 15 %", curve("stepped", "45", "15"), "40", {44: "40", 45: "34", 90: "28"}),
    (
        "compounding weekly",
        curve("compounding", "7", "25"),
        "1000",
        {6: "1000", 7: "750", 14: "562.5"},
    ),
    ("hyperbolic", curve("hyperbolic", "7"), "1", {21: "0.25"}),
    (
        "delay, then decay, then floor",
        curve("exponential", "7", delay_days="7", floor="0.1"),
        "1",
        {7: "1", 14: "0.5", 700: "0.1"},
    ),
    ("no decay", curve("none"), "3", {0: "3", 9999: "3"}),
    ("window ends at its days", curve("window", "7"), "1", {6: "1", 7: "0"}),
    (
        "window with delay and floor",
        curve("window", "7", delay_days="2", floor="0.25"),
        "1",
        {8: "1", 9: "0.25"},
    ),
    ("64 half-lives", curve("exponential", "1"), "1", {64: f"1/{2**64}", 65: "0"}),
    ("64 periods", curve("compounding", "1", "0"), "1", {64: "1", 65: "0"}),
    ("all lost at the first period", curve("compounding", "7", "100"), "1", {6: "1", 7: "0"}),
    ("steps stop at nothing", curve("stepped", "1", "40"), "1", {2: "0.2", 3: "0", 99: "0"}),
    ("kind without case", curve(" Linear ", "4"), "1", {1: "0.75"}),
]


@pytest.mark.parametrize(
    ("row", "points", "expected"),
    [v[1:] for v in FACTOR_VECTORS],
    ids=[v[0] for v in FACTOR_VECTORS],
)
def test_decay_vectors(row: dict, points: str, expected: dict[int, str]) -> None:
    decay = read_curve(row)
    for age, value in expected.items():
        assert exact(points) * factor(decay, age) == Fraction(value)


def test_exponential_between_half_lives() -> None:
    decay = read_curve(curve("exponential", "6.931471805599453"))
    assert rounded(factor(decay, 7), 7) == Fraction("0.4965853")


def window_rule(min_events: str = "", max_events: str = "", days: str = "7", **more: str) -> dict:
    return engagement_rule(min_events=min_events, max_events=max_events, within_days=days, **more)


POINT_VECTORS = [
    (
        "a daily cap counts 20 of 25",
        world(
            [event(at=f"10:00:{i:02}") for i in range(25)],
            engagement_rules=[engagement_rule(points="1", daily_cap="20")],
        ),
        {"r": "20"},
    ),
    (
        "three half-lives add up",
        world(
            [event(0), event(14), event(28)],
            engagement_rules=[engagement_rule(points="1", decay="d")],
            decay_curves=[curve("exponential", "14")],
        ),
        {"r": "1.75"},
    ),
    (
        "max_points of a per-event rule",
        world([event(0)] * 3, engagement_rules=[engagement_rule(points="5", max_points="12")]),
        {"r": "15", "cap:rule:r": "-3"},
    ),
    (
        "min_events looks at ages below within_days",
        world([event(0), event(6), event(7)], engagement_rules=[window_rule("3")]),
        {},
    ),
    (
        "min_events reached",
        world([event(0), event(6), event(6)], engagement_rules=[window_rule("3")]),
        {"r": "10"},
    ),
    (
        "max_points of a count window",
        world([event()], engagement_rules=[window_rule("1", max_points="4")]),
        {"r": "10", "cap:rule:r": "-6"},
    ),
    (
        "matches ignores case and surrounding space",
        world(
            leads=[lead(job_title=" vp Sales")],
            fit_rules=[rule("f", "job_title matches ^VP")],
        ),
        {"f": "10"},
    ),
    (
        "a daily cap limits what a day adds to a count window",
        world([event()] * 3, engagement_rules=[window_rule("3", daily_cap="1")]),
        {},
    ),
    (
        "silence of a lead that is too young",
        world(
            leads=[lead(created_at=AS_OF - timedelta(days=29))],
            engagement_rules=[window_rule("", "0", "30")],
        ),
        {},
    ),
    (
        "silence of a lead that is old enough",
        world(
            leads=[lead(created_at=AS_OF - timedelta(days=30))],
            engagement_rules=[window_rule("", "0", "30")],
        ),
        {"r": "10"},
    ),
    (
        "silence of a lead of unknown age",
        world(leads=[lead(created_at="?")], engagement_rules=[window_rule("", "0", "30")]),
        {},
    ),
    (
        "a count window over both bounds",
        world([event()] * 3, engagement_rules=[window_rule("1", "2")]),
        {},
    ),
    (
        "a count window decays with its latest event",
        world(
            [event(5), event(2), event(1, lead_id="L2")],
            engagement_rules=[window_rule("2", decay="d")],
            decay_curves=[curve("linear", "10")],
        ),
        {"r": "8"},
    ),
    (
        "each day has a cap of its own",
        world(
            [event(0), event(0), event(0), event(1)],
            engagement_rules=[engagement_rule(daily_cap="2", decay="d")],
            decay_curves=[curve("linear", "10")],
        ),
        {"r": "29"},
    ),
    (
        "max_points limits negative totals too",
        world(
            [event()] * 3,
            engagement_rules=[
                engagement_rule(points="-5", max_points="-12"),
                engagement_rule("s", points="50"),
            ],
        ),
        {"r": "-15", "cap:rule:r": "3", "s": "150", "cap:score": "-38"},
    ),
    (
        "category caps follow rule caps, the score's cap follows both",
        world(
            [event()] * 3,
            engagement_rules=[
                engagement_rule("a", points="5", max_points="12"),
                engagement_rule("b", points="2"),
                engagement_rule("n", points="-30", category="bad"),
            ],
            category_caps=[
                {"scorecard": "g", "score": "engagement", "category": "c", "max_points": "17"},
                {"scorecard": "g", "score": "fit", "category": "c", "max_points": "1"},
                {"scorecard": "g", "score": "engagement", "category": "bad", "min_points": "-40"},
            ],
        ),
        {
            "a": "15",
            "b": "6",
            "n": "-90",
            "cap:rule:a": "-3",
            "cap:category:c": "-1",
            "cap:category:bad": "50",
            "cap:score": "23",
        },
    ),
    (
        "rule totals are rounded to 6 decimals before they are clamped or added",
        world(
            [event(1)],
            engagement_rules=[
                engagement_rule("a", points="1", decay="d"),
                engagement_rule("b", points="1", decay="d"),
            ],
            decay_curves=[curve("hyperbolic", "0.5")],
        ),
        {"a": "0.333333", "b": "0.333333"},
    ),
    (
        "the seventh decimal rounds away from zero",
        world(
            [event(7)],
            engagement_rules=[
                engagement_rule("a", points="1", decay="d"),
                engagement_rule("b", points="-1", decay="d"),
            ],
            decay_curves=[curve("exponential", "1")],
        ),
        {"a": "0.007813", "b": "-0.007813"},
    ),
    (
        "points that decayed to nothing keep their row",
        world(
            [event(7)],
            engagement_rules=[engagement_rule(decay="d")],
            decay_curves=[curve("window", "7")],
        ),
        {"r": "0"},
    ),
    (
        "an event matches each rule once, and all rows must hold",
        world(
            [
                event(page_path="/pricing", device="mobile"),
                event(page_path="/pricing", device=None),
            ],
            engagement_rules=[
                engagement_rule() | {"field": "page_path", "operator": "contains", "value": "PRI"},
                engagement_rule() | {"field": "device", "operator": "is_known"},
            ],
        ),
        {"r": "10"},
    ),
    (
        "* means engagement events only, a named type any catalogued one",
        world(
            [event(), event(event_type="EMAIL_delivered "), event(event_type="odd")],
            engagement_rules=[
                engagement_rule("any", event_type=" * "),
                engagement_rule("mail", event_type="Email_Delivered"),
            ],
        ),
        {"any": "10", "mail": "10"},
    ),
    (
        "a type that the catalogue maps to is not itself a raw type",
        world(
            [event(event_type="page_view"), event(event_type=" Page VIEW")],
            engagement_rules=[engagement_rule(event_type="page_view")],
            event_catalog=[catalogued("page view", event_type=" Page_View ")],
        ),
        {"r": "10"},
    ),
    (
        "behaviour rules add to engagement",
        world(
            [event(3), event(4)],
            behavior_rules=[rule("b", "active_days_30d >= 2"), rule("u", "bounce_rate_90d < 1")],
            engagement_rules=[engagement_rule(points="1")],
        ),
        {"b": "10", "r": "2"},
    ),
]


@pytest.mark.parametrize(
    ("given_world", "expected"), [v[1:] for v in POINT_VECTORS], ids=[v[0] for v in POINT_VECTORS]
)
def test_point_vectors(given_world: World, expected: dict[str, str]) -> None:
    assert points_by_rule(score_world(given_world)) == {
        rule_id: Decimal(points) for rule_id, points in expected.items()
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1_000", None),
        ("inf", None),
        (" 12.50 ", 12.5),
        ("1e3", 1000.0),
        ("nan", None),
        ("1e999", None),
        ("5.", 5.0),
        (".5", 0.5),
        ("+.5E-1", 0.05),
        ("-0", 0.0),
        (".", None),
        ("1e", None),
        ("0x10", None),
        ("1,5", None),
        ("\uff11", None),
        (f"{NBSP}7\r\n", 7.0),
        ("\u20037", None),
        ("", None),
        (None, None),
        (True, None),
        (float("nan"), None),
        (3, 3.0),
    ],
)
def test_numbers(written: Any, expected: float | None) -> None:
    assert number(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-01-05t23:30:00,5z", datetime(2024, 1, 5, 23, 30, 0, 500000)),
        ("2024-01-05T23:30:00-05:00", datetime(2024, 1, 6, 4, 30)),
        ("2024-01-05 23:30:00+0530", datetime(2024, 1, 5, 18, 0)),
        ("2024-01-05T23:30:00-05", datetime(2024, 1, 6, 4, 30)),
        (" 2024-01-05T23:30Z\t", datetime(2024, 1, 5, 23, 30)),
        ("2024-01-05T23:30:00.5", datetime(2024, 1, 5, 23, 30, 0, 500_000)),
        ("2024-01-05T23:30:00.1234567", datetime(2024, 1, 5, 23, 30, 0, 123_456)),
        ("2024-01-05", datetime(2024, 1, 5)),
        (date(2024, 1, 5), datetime(2024, 1, 5)),
        (datetime(2024, 1, 5, 1), datetime(2024, 1, 5, 1)),
        (
            datetime(2024, 1, 5, 1, tzinfo=timezone(timedelta(hours=2))),
            datetime(2024, 1, 4, 23),
        ),
        ("2023-02-29", None),
        ("2024-1-5", None),
        ("2024-01-05T25:00", None),
        ("05/01/2024", None),
        ("infinity", None),
        ("1704412800", None),
        ("2024-01-05 tomorrow", None),
        ("2024-01-05T23:30:00+25:00", None),
        ("0001-01-01T00:00:00+01:00", None),
        (" ", None),
        (None, None),
    ],
)
def test_timestamps(written: Any, expected: datetime | None) -> None:
    assert timestamp(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("true", True),
        (" T ", True),
        ("YES", True),
        ("1", True),
        (True, True),
        ("false", False),
        ("f", False),
        ("No", False),
        ("0", False),
        (False, False),
        ("y", None),
        ("1.0", None),
        ("", None),
        (None, None),
    ],
)
def test_booleans(written: Any, expected: bool | None) -> None:
    assert boolean(written) is expected


def test_text_is_trimmed_of_four_kinds_of_blanks_only() -> None:
    assert text(f" \t\r\n{NBSP}VP Sales{NBSP}\n") == "vp sales"
    assert text("\u2003vp\v") == "\u2003vp\v"
    assert text(f" {NBSP}\t") is None
    assert text(None) is None


def test_list_members() -> None:
    assert members(" Snowflake || dbt|") == {"snowflake", "dbt"}
    assert members(" | ") is None
    assert members("") is None


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("49.995", 2, "50"),
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.0049999", 2, "0"),
        ("2.5", 0, "3"),
    ],
)
def test_halves_round_away_from_zero(value: str, decimals: int, expected: str) -> None:
    assert rounded(Fraction(value), decimals) == Fraction(expected)


# Section 1

CLOCK_CASES = [
    ("the last moment of the date", "2024-06-30T23:59:59.999999Z", "counted"),
    ("the first moment after it", "2024-07-01T00:00:00Z", "future"),
    ("after it only in UTC", "2024-06-30T22:00:00-05:00", "future"),
    ("before its end only in UTC", "2024-07-01T01:00:00+05:00", "counted"),
    ("a date", "2024-07-01", "future"),
    ("before the lead was created", "2020-01-01", "counted"),
    ("unknown", "soon", "unknown_occurred_at"),
]


@pytest.mark.parametrize(
    ("occurred_at", "bucket"), [c[1:] for c in CLOCK_CASES], ids=[c[0] for c in CLOCK_CASES]
)
def test_which_events_count(occurred_at: str, bucket: str) -> None:
    result = score_world(world([event(occurred_at=occurred_at)]))
    assert counted(result) == {bucket: 1}


# Section 2

TEN, ELEVEN = "2024-06-30T10:00:00Z", "2024-06-30T11:00:00Z"
VERSION_CASES = [
    (
        "tombstone at ten, the event again at eleven",
        [{"loaded_at": TEN, "is_deleted": "true"}, {"loaded_at": ELEVEN}],
        {"duplicate": 1, "counted": 1},
    ),
    (
        "the event at ten, tombstone at eleven",
        [{"loaded_at": TEN}, {"loaded_at": ELEVEN, "is_deleted": "1"}],
        {"duplicate": 1, "deleted": 1},
    ),
    (
        "ties fall to the tombstone",
        [{"loaded_at": TEN}, {"loaded_at": "2024-06-30T12:00:00+02:00", "is_deleted": "t"}],
        {"duplicate": 1, "deleted": 1},
    ),
    (
        "unknown loaded_at is oldest",
        [{"loaded_at": None, "is_deleted": "yes"}, {"loaded_at": TEN}],
        {"duplicate": 1, "counted": 1},
    ),
    (
        "a tombstone of no known time ties with an event of no known time",
        [{"loaded_at": None}, {"loaded_at": "?", "is_deleted": "yes"}],
        {"duplicate": 1, "deleted": 1},
    ),
    (
        "versions are settled before the date is looked at",
        [{"loaded_at": TEN}, {"loaded_at": ELEVEN, "occurred_at": "2024-07-02"}],
        {"duplicate": 1, "future": 1},
    ),
    (
        "ties then fall to the largest lead",
        [{"lead_id": "L1"}, {"lead_id": "nobody"}],
        {"duplicate": 1, "unknown_lead": 1},
    ),
    (
        "case keeps its byte order: lower case is larger",
        [{"event_type": "view"}, {"event_type": "VIEW", "occurred_at": "?"}],
        {"duplicate": 1, "counted": 1},
    ),
    (
        "null is last",
        [{"lead_id": None}, {"lead_id": "L1"}],
        {"duplicate": 1, "counted": 1},
    ),
]


@pytest.mark.parametrize(
    ("versions", "expected"), [c[1:] for c in VERSION_CASES], ids=[c[0] for c in VERSION_CASES]
)
def test_one_row_decides_for_an_event(versions: list[dict], expected: dict[str, int]) -> None:
    events = [event(event_id="e", **version) for version in versions]
    assert counted(score_world(world(events))) == expected
    assert counted(score_world(world(events[::-1]))) == expected


def test_tied_numbers_compare_as_numbers_and_further_fields_by_name() -> None:
    versions = [
        event(event_id="e", value="9", zeta="z", alpha="a"),
        event(event_id="e", value="10", zeta="a", alpha="a"),
        event(event_id="e", value="1e1", zeta="z", alpha="A"),
    ]
    given_world = world(versions, engagement_rules=[engagement_rule(field="zeta", operator="in")])
    given_world.seeds["engagement_rules"][0]["value"] = "a"
    declared = given_world.event_fields | {"zeta": "text", "alpha": "text"}
    result = score_world(replace(given_world, event_fields=declared))
    assert points_by_rule(result) == {"r": 10}


def test_events_without_id_are_events_of_their_own() -> None:
    events = [event(event_id=None), event(event_id=f" {NBSP}"), event(event_id="e")]
    assert counted(score_world(world(events))) == {"counted": 3}


def test_ids_compare_exactly() -> None:
    events = [event(event_id=i, lead_id=i) for i in ("L1", "l1", "L1 ")]
    assert counted(score_world(world(events))) == {"counted": 1, "unknown_lead": 2}


def test_leads_without_id_or_deleted_or_of_the_future_get_no_row() -> None:
    leads = [
        lead(" "),
        lead(None),
        lead("gone", updated_at=ELEVEN, is_deleted="true"),
        lead("gone", updated_at=TEN),
        lead("later", created_at="2024-07-01"),
        lead("late", created_at="2024-06-30T23:59:59"),
        lead("undated", created_at="soon"),
    ]
    events = [event(lead_id=lead_id) for lead_id in ("gone", "later", "late", "undated", " ")]
    result = score_world(world(events, leads=leads))
    assert [row["lead_id"] for row in result.lead_scores] == ["late", "undated"]
    assert counted(result) == {
        "unknown_lead": 1,
        "lead_not_created": 1,
        "counted": 2,
        "no_lead": 1,
    }


LINK_CASES = [
    ("the latest link", [("L1", TEN), ("L2", ELEVEN)], "L2"),
    ("ties by smallest lead", [("L2", TEN), ("L1", TEN)], "L1"),
    ("unknown time is oldest", [("L1", None), ("L2", TEN)], "L2"),
    ("unknown times tie", [("L2", None), ("L1", "?")], "L1"),
    ("a link from after the event and the date", [("L2", "2025-01-01")], "L2"),
    ("a tombstone ends the link", [("L1", TEN), ("L1", ELEVEN, "true")], None),
    ("a tombstone needs no lead", [("L1", TEN), (None, ELEVEN, "true")], None),
    ("a link after the tombstone", [("L1", TEN, "true"), ("L2", ELEVEN)], "L2"),
    ("ties fall to the tombstone", [("L1", TEN), ("L2", TEN, "true")], None),
    ("a link to no lead is none", [("L1", TEN), (" ", ELEVEN)], "L1"),
]


@pytest.mark.parametrize(
    ("links", "expected"), [c[1:] for c in LINK_CASES], ids=[c[0] for c in LINK_CASES]
)
def test_anonymous_events_follow_links(links: list[tuple], expected: str | None) -> None:
    columns = ("lead_id", "linked_at", "is_deleted")
    rows = [dict(zip(columns, link, strict=False)) | {"anonymous_id": "x"} for link in links]
    result = score_world(
        world(
            [event(40, lead_id=None, anonymous_id="x")],
            leads=[lead("L1"), lead("L2")],
            raw={"raw_identities": rows},
        )
    )
    active = [row["lead_id"] for row in result.lead_scores if row["last_engagement_at"]]
    assert active == ([expected] if expected else [])
    assert counted(result) == {"counted" if expected else "no_lead": 1}


def test_an_event_of_an_unknown_lead_does_not_fall_back_to_its_link() -> None:
    links = [{"anonymous_id": "x", "lead_id": "L1"}]
    events = [event(lead_id="nobody", anonymous_id="x"), event(lead_id=NBSP, anonymous_id="x")]
    result = score_world(world(events, raw={"raw_identities": links}))
    assert counted(result) == {"unknown_lead": 1, "counted": 1}


def test_exclusions_see_the_catalogue_and_come_before_leads() -> None:
    events = [
        event(event_type="raw_scan", lead_id="nobody"),
        event(event_type="raw_scan", device="bot"),
        event(device="bot", occurred_at="2025-01-01"),
        event(device=None),
        event(device="bot", occurred_at=None),
    ]
    exclusions = [
        {"exclusion_id": "b", "field": "event_type", "operator": "equals", "value": "SCAN"},
        {"exclusion_id": "a", "field": "device", "operator": "equals", "value": "bot"},
        {"exclusion_id": "a", "field": "channel", "operator": "is_known", "value": ""},
        {"exclusion_id": "c", "field": "device", "operator": "not_equals", "value": "phone"},
    ]
    result = score_world(
        world(
            events,
            event_exclusions=exclusions,
            event_catalog=[
                catalogued("raw_scan", event_type="scan", channel="mail"),
                catalogued("view"),
            ],
        )
    )
    assert counted(result) == {
        "excluded:a": 1,
        "excluded:b": 1,
        "excluded:c": 1,
        "unknown_occurred_at": 1,
        "counted": 1,
    }


def test_the_channel_is_the_events_own_else_the_catalogues() -> None:
    events = [event(channel=" Ads "), event(channel=NBSP), event(event_type="odd")]
    rows = [
        engagement_rule("own") | {"field": "channel", "operator": "equals", "value": "ads"},
        engagement_rule("web") | {"field": "channel", "operator": "equals", "value": "web"},
    ]
    result = score_world(
        world(events, engagement_rules=rows, event_catalog=[catalogued("view", channel="WEB")])
    )
    assert points_by_rule(result) == {"own": 10, "web": 10}


def test_account_fields_take_a_prefix_where_the_lead_has_the_name_too() -> None:
    accounts = [
        {"account_id": "A1", "country": "DE", "industry": "Retail", "updated_at": TEN},
        {"account_id": "A1", "country": "FR", "industry": "Retail", "updated_at": None},
        {"account_id": "a1", "country": "US", "industry": "Software"},
    ]
    rules = [
        rule("lead", "country equals us", "1"),
        rule("account", "account_country equals de", "2"),
        rule("industry", "industry equals retail", "4"),
        rule("updated", "account_updated_at is_known", "8"),
    ]
    leads = [lead("L1", country="US", account_id="A1"), lead("L2", country="us", account_id="A1 ")]
    result = score_world(world(leads=leads, raw={"raw_firmographics": accounts}, fit_rules=rules))
    assert [row["fit_points"] for row in result.lead_scores] == [15, 1]


def test_conversions_count_once_per_id_and_up_to_the_date() -> None:
    def conversion(conversion_type: str, converted_at: str | None, **columns: Any) -> dict:
        row = {"lead_id": "L1", "conversion_type": conversion_type, "converted_at": converted_at}
        return row | columns

    raw = {
        "raw_conversions": [
            conversion(" Purchase", "2024-06-30T23:59:59", conversion_id="c", amount="10"),
            conversion("purchase", "2024-06-30T23:59:59", conversion_id="c", amount="9"),
            conversion("closed_won", "2024-01-01", amount="x"),
            conversion("closed_won", "2024-01-01", amount="2.5"),
            conversion("purchase", "2024-07-01", amount="100"),
            conversion("purchase", None, amount="100"),
            conversion("demo", "2024-01-01", amount="100"),
            conversion("purchase", "2024-01-01", conversion_id="d", amount="100"),
            conversion("purchase", "2023-01-01", conversion_id="d", is_deleted="true"),
        ]
    }
    result = score_world(world(raw=raw))
    assert result.lead_traits[0]["past_purchases"] == 3
    # The type is compared before the amount when versions tie, and "p" is above "P".
    assert result.lead_traits[0]["past_purchase_value"] == 11.5
    assert only_score(result)["is_customer"] is True


@pytest.mark.parametrize(
    ("conversion_type", "converted_at", "expected"),
    [("Trial", "2024-06-30", True), ("trial", "2024-07-01", False), ("purchase", TEN, False)],
)
def test_customer_types_are_their_own(
    conversion_type: str, converted_at: str, expected: bool
) -> None:
    row = {"lead_id": "L1", "conversion_type": conversion_type, "converted_at": converted_at}
    given_world = replace(world(raw={"raw_conversions": [row]}), customer_types=["TRIAL"])
    assert only_score(score_world(given_world))["is_customer"] is expected


# Section 3: (type, operator, rule value, raw value, expected; None is unknown)

CONDITION_CASES = [
    ("text", "equals", " VP ", "vp\n", True),
    ("text", "equals", "vp", "svp", False),
    ("text", "equals", "vp", " ", None),
    ("text", "not_equals", "vp", "ceo", True),
    ("text", "not_equals", "vp", None, None),
    ("text", "in", "c_level| VP ||", "vp", True),
    ("text", "in", "c_level|vp", "c_level|vp", False),
    ("text", "not_in", "c_level|vp", "manager", True),
    ("text", "not_in", "c_level|vp", "", None),
    ("text", "contains", "100%", "at 100% of", True),
    ("text", "contains", "a_b", "axb", False),
    ("text", "contains", "a\\b", "xA\\Bx", True),
    ("text", "starts_with", "%", "100%", False),
    ("text", "starts_with", "/PRI", " /pricing", True),
    ("text", "ends_with", "\\", "a\\ ", True),
    ("text", "matches", "c[ET]o", "The CTO", True),
    ("text", "matches", r"^\d{2,3}$", "1234", False),
    ("text", "matches", r"^\w+$", "zürich", False),
    ("text", "matches", "vp|head", None, None),
    ("text", "is_known", "", " x", True),
    ("text", "is_known", "", NBSP, False),
    ("text", "is_unknown", "", NBSP, True),
    ("number", "equals", "1e3", "1000.0", True),
    ("number", "not_equals", "5", "5.", False),
    ("number", "not_equals", "5", "five", None),
    ("number", "in", "5 |10", " 10.0 ", True),
    ("number", "not_in", "5|10", "inf", None),
    ("number", "not_in", "5|10", "7", True),
    ("number", ">", "9", "10", True),
    ("number", ">", "10", "10", False),
    ("number", ">=", "10", "10", True),
    ("number", "<", "-1", "-3", True),
    ("number", "<=", "200", 200, True),
    ("number", "between", "200|2000", "2000", True),
    ("number", "between", "200|2000", "199.99", False),
    ("number", "is_unknown", "", "1_000", True),
    ("date", ">", "2024-06-01", "2024-06-01T23:00:00", False),
    ("date", ">", "2024-06-01", "2024-06-01T23:00:00-05:00", True),
    ("date", ">=", "2024-06-01", "2024-06-01", True),
    ("date", "<=", "2024-06-01", "2024-06-01T23:59:59Z", True),
    ("date", "<", "2024-06-01", "soon", None),
    ("date", "between", "2024-06-01|2024-06-30", "2024-06-30T12:00:00", True),
    ("date", "within_days", "7", "2024-06-24", True),
    ("date", "within_days", "7", "2024-06-23", False),
    ("date", "within_days", "7", "2024-07-01", False),
    ("date", "older_than_days", "7", "2024-06-23", True),
    ("date", "older_than_days", "7", "2024-06-24", False),
    ("date", "older_than_days", "0", "2024-07-01", False),
    ("boolean", "is_true", "", " Yes", True),
    ("boolean", "is_true", "", "0", False),
    ("boolean", "is_false", "", "F", True),
    ("boolean", "is_false", "", "maybe", None),
    ("boolean", "is_known", "", "maybe", False),
    ("list", "contains", "DBT", "snowflake| dbt ", True),
    ("list", "contains", "snow", "snowflake", False),
    ("list", "in", "dbt|x", "X|y", True),
    ("list", "not_in", "dbt|x", "y|z", True),
    ("list", "not_in", "dbt|x", "y|DBT", False),
    ("list", "not_in", "dbt|x", " | ", None),
    ("list", "is_known", "", "||", False),
]


@pytest.mark.parametrize(("kind", "operator", "value", "raw", "expected"), CONDITION_CASES)
def test_conditions(kind: str, operator: str, value: str, raw: Any, expected: bool | None) -> None:
    row = {"field": " Field ", "operator": f" {operator.upper()} ", "value": value}
    condition = read_condition(row, {"field": kind}, AS_OF)
    assert condition.holds({"field": READERS[kind](raw)}) is expected


@pytest.mark.parametrize(
    ("kind", "operator", "value"),
    [
        ("text", ">", "a"),
        ("number", "contains", "1"),
        ("number", "equals", "1_000"),
        ("number", "in", ""),
        ("date", "equals", "2024-06-01"),
        ("date", ">", "soon"),
        ("boolean", "equals", "true"),
        ("list", "equals", "dbt"),
    ],
)
def test_a_type_refuses_what_it_does_not_take(kind: str, operator: str, value: str) -> None:
    with pytest.raises(ValueError):
        read_condition({"field": "f", "operator": operator, "value": value}, {"f": kind}, AS_OF)


OPEN_CASES = [
    ("no unknown field", {"a": "x", "b": "y"}, ["a equals x", "b equals z"], False),
    ("unknown and true", {"a": "x", "b": None}, ["a equals x", "b equals z"], True),
    ("unknown and false", {"a": "y", "b": None}, ["a equals x", "b equals z"], False),
    ("is_unknown on an unknown field", {"a": None, "b": None}, ["a is_unknown"], True),
    ("is_known on an unknown field", {"a": None, "b": None}, ["a is_known"], True),
    ("is_unknown on a known field", {"a": "x", "b": None}, ["a is_unknown", "b is_known"], False),
    ("only true conditions", {"a": "x", "b": "y"}, ["a equals x", "b is_known"], False),
]


@pytest.mark.parametrize(
    ("values", "conditions", "expected"),
    [c[1:] for c in OPEN_CASES],
    ids=[c[0] for c in OPEN_CASES],
)
def test_open_rules(values: dict, conditions: list[str], expected: bool) -> None:
    rows = [rule("r", condition) for condition in conditions]
    read = [read_condition(row, {"a": "text", "b": "text"}, AS_OF) for row in rows]
    assert is_open(read, values) is expected


# Section 5


def page(at: str, age: int = 0, seconds: str | None = None, **columns: Any) -> dict:
    return event(age, at, **{"page_path": "/p", "duration_seconds": seconds} | columns)


SESSION_CASES = [
    ("a gap of 30 min 1 s", [page("10:00:00"), page("10:29:59"), page("11:00:00")], 2),
    ("a gap of 29 min 59 s", [page("10:00:00"), page("10:29:59")], 1),
    ("a gap of exactly 30 min", [page("10:00:00"), page("10:30:00")], 2),
    ("midnight ends a session", [page("23:59:00", 1), page("00:01:00")], 2),
    ("without a page there is none", [page("10:00:00"), event(at="10:10:00")], 1),
    ("a gap is between page events", [page("10:00:00"), event(at="10:20:00"), page("10:40:00")], 2),
    ("uncatalogued types have pages too", [page("10:00:00", event_type="odd")], 1),
    ("age 30 is out", [page("10:00:00", 30), page("10:00:00", 29)], 1),
    ("nothing", [], 0),
]


@pytest.mark.parametrize(
    ("events", "expected"), [c[1:] for c in SESSION_CASES], ids=[c[0] for c in SESSION_CASES]
)
def test_sessions(events: list[dict], expected: int) -> None:
    assert traits(events)["sessions_30d"] == expected


def test_traits_of_a_silent_lead() -> None:
    assert traits([]) == {
        "lead_id": "L1",
        "days_since_last_engagement": None,
        "active_days_30d": 0,
        "active_days_90d": 0,
        "events_30d": 0,
        "distinct_pages_30d": 0,
        "sessions_30d": 0,
        "bounce_rate_90d": None,
        "average_page_seconds_30d": None,
        "emails_delivered_90d": 0,
        "email_open_rate_90d": None,
        "email_click_rate_90d": None,
        "opened_last_5_emails": None,
        "past_purchases": 0,
        "past_purchase_value": 0,
        "top_content_topic": None,
        "top_device": None,
        "first_channel": None,
        "last_channel": None,
    }


def test_engagement_traits_look_at_engagement_events_only() -> None:
    events = [
        event(1, event_type="email_delivered"),
        event(2, event_type="odd"),
        event(29),
        event(29),
        event(30),
        event(89),
        event(90),
    ]
    row = traits(events)
    assert row["days_since_last_engagement"] == 29
    assert (row["active_days_30d"], row["active_days_90d"], row["events_30d"]) == (1, 3, 2)


def test_page_traits() -> None:
    events = [
        page("10:00:00", seconds="9.99"),
        page("12:00:00", seconds="10"),
        page("14:00:00", seconds=None),
        page("16:00:00", seconds="1", page_path=" /P "),
        page("16:10:00", seconds="1", page_path="/q", event_type="odd"),
        page("10:00:00", age=40, seconds="5"),
        event(duration_seconds="1000"),
    ]
    row = traits(events)
    assert row["distinct_pages_30d"] == 2
    assert row["bounce_rate_90d"] == 2 / 5
    assert row["average_page_seconds_30d"] == pytest.approx((9.99 + 10 + 1 + 1) / 4)


def mail(event_type: str, age: int, at: str = "10:00:00", campaign: str | None = "a") -> dict:
    return event(age, at, event_type=f"email_{event_type}", campaign=campaign)


def test_email_rates() -> None:
    delivered = [mail("delivered", age) for age in (1, 2, 89, 90)]
    row = traits([*delivered, mail("open", 3), mail("open", 95)] + [mail("click", 5)] * 4)
    assert row["emails_delivered_90d"] == 3
    assert row["email_open_rate_90d"] == 1 / 3
    assert row["email_click_rate_90d"] == 1
    assert traits([*delivered[1:], mail("open", 3)])["email_open_rate_90d"] is None


FIVE = [mail("delivered", age, campaign=str(age)) for age in (1, 2, 3, 4, 5)]
OPENS = [mail("open", age, campaign=f" {age}") for age in (1, 2, 3, 4, 5)]
OPENED_CASES = [
    ("all opened, at the moment of delivery", FIVE + OPENS, True),
    ("four delivered", FIVE[:4] + OPENS, None),
    ("one not opened", FIVE + OPENS[:4], False),
    ("one opened before it came", FIVE + OPENS[:4] + [mail("open", 6, campaign="5")], False),
    ("a sixth that is older does not matter", [mail("delivered", 400), *FIVE, *OPENS], True),
    ("a sixth that is later does", [mail("delivered", 0), *FIVE, *OPENS], False),
    (
        "an unknown campaign was not opened",
        [*FIVE[:4], mail("delivered", 5, campaign=None), *OPENS, mail("open", 1, campaign=None)],
        False,
    ),
    (
        "ties by event_id: the largest are the latest",
        [
            {**mail("delivered", 5, campaign="z"), "event_id": "a"},
            {**FIVE[4], "event_id": "b"},
            *FIVE[:4],
            *OPENS,
        ],
        True,
    ),
]


@pytest.mark.parametrize(
    ("events", "expected"), [c[1:] for c in OPENED_CASES], ids=[c[0] for c in OPENED_CASES]
)
def test_opened_last_5_emails(events: list[dict], expected: bool | None) -> None:
    assert traits(events)["opened_last_5_emails"] is expected


TOP_CASES = [
    ("most frequent", [(1, "b"), (2, "A"), (3, "a ")], "a"),
    ("ties: the later one", [(5, "a"), (3, "b"), (2, "a"), (1, "b")], "b"),
    ("then by name", [(1, "b"), (1, "a")], "a"),
    ("90 days", [(90, "a"), (91, "a"), (89, "b")], "b"),
    ("unknown is none", [(1, " "), (1, None)], None),
]


@pytest.mark.parametrize(
    ("topics", "expected"), [c[1:] for c in TOP_CASES], ids=[c[0] for c in TOP_CASES]
)
def test_top_content_topic(topics: list[tuple], expected: str | None) -> None:
    events = [event(age, content_topic=topic, device=topic) for age, topic in topics]
    odd = [event(event_type="odd", content_topic="odd", device="odd")] * 9
    row = traits(events + odd)
    assert (row["top_content_topic"], row["top_device"]) == (expected, expected)


def test_first_and_last_channel_include_uncatalogued_events() -> None:
    events = [
        event(9, channel=None),
        event(8, channel="Ads", event_type="odd", event_id="1"),
        event(2, channel="b", event_id="b"),
        event(2, channel="c", event_id="a"),
    ]
    row = traits(events)
    assert (row["first_channel"], row["last_channel"]) == ("ads", "b")


# Section 6

BANDS = [
    {"scorecard": "g", "score": score, "band": band, "min_score": minimum}
    for score, names in {"fit": "DA", "engagement": "41", "lead": "xy"}.items()
    for band, minimum in zip(names, ("0", "50"), strict=True)
]
STAGES = [
    {
        "scorecard": "g",
        "fit_band": "A",
        "engagement_band": "4",
        "stage": "nurture",
        "next_action": "Write",
    }
]
TITLE = [lead(job_title="VP")]


@pytest.mark.parametrize(
    ("points", "score", "band"),
    [("49.995", "50.00", "A"), ("49.9949", "49.99", "D"), ("50", "50", "A"), ("-1", "0", "D")],
)
def test_bands_look_at_the_rounded_score(points: str, score: str, band: str) -> None:
    rules = [rule("f", "job_title is_known", points)]
    row = only_score(score_world(world(leads=TITLE, fit_rules=rules, score_bands=BANDS)))
    assert (row["fit_score"], row["fit_band"]) == (Decimal(score), band)
    assert (row["score_label"], row["engagement_band"]) == (f"{band}4", "4")


def test_stage_and_next_action_follow_both_bands() -> None:
    rules = [rule("f", "job_title is_known", "80")]
    given_world = world(leads=TITLE, fit_rules=rules, score_bands=BANDS, lead_stages=STAGES)
    row = only_score(score_world(given_world))
    assert (row["stage"], row["next_action"], row["lead_band"]) == ("nurture", "Write", "x")


def test_without_bands_there_are_no_labels_and_stages() -> None:
    row = only_score(score_world(world()))
    names = ("fit_band", "engagement_band", "lead_band", "score_label", "stage", "next_action")
    assert [row[name] for name in names] == [None] * 6


def test_a_suppressed_lead_keeps_its_scores() -> None:
    suppressions = [
        {"suppression_id": "b", "field": "job_title", "operator": "is_known", "reason": "second"},
        {"suppression_id": "a", "field": "job_title", "operator": "is_known", "reason": "first"},
        {"suppression_id": "a", "field": "events_30d", "operator": "equals", "value": "0"},
    ]
    rules = [rule("f", "job_title is_known", "80")]
    given_world = world(
        leads=TITLE,
        fit_rules=rules,
        score_bands=BANDS,
        lead_stages=STAGES,
        suppressions=suppressions,
    )
    row = only_score(score_world(given_world))
    assert (row["fit_score"], row["score_label"], row["is_suppressed"]) == (80, "A4", True)
    assert (row["stage"], row["next_action"]) == ("suppressed", None)
    assert row["suppression_reason"] == "first"
    given_world.raw["raw_events"].append(event())
    assert only_score(score_world(given_world))["suppression_reason"] == "second"


def test_lead_score_weighs_unrounded_scores() -> None:
    card = scorecard(
        fit_weight="0.5", engagement_weight="1.5", fit_max_points="3", engagement_max_points="7"
    )
    row = only_score(
        score_world(
            world(
                [event()],
                leads=TITLE,
                scorecards=[card],
                fit_rules=[rule("f", "job_title is_known", "1")],
                engagement_rules=[engagement_rule(points="2")],
            )
        )
    )
    assert (row["fit_score"], row["engagement_score"]) == (Decimal("33.33"), Decimal("28.57"))
    # (100/3 * 0.5 + 200/7 * 1.5) / 2 = 29.7619...
    assert row["lead_score"] == Decimal("29.76")


def test_undecayed_score_takes_the_same_clamps() -> None:
    row = only_score(
        score_world(
            world(
                [event(14), event(28), event(28)],
                engagement_rules=[
                    engagement_rule("a", points="20", decay="d", max_points="50"),
                    engagement_rule("b", points="-10", decay="d", daily_cap="1"),
                ],
                decay_curves=[curve("exponential", "14")],
            )
        )
    )
    # a: 20 * (0.5 + 2 * 0.25) = 20; b: -10 * 0.75 = -7.5; undecayed: 50 of 60, and -20
    assert row["engagement_score"] == Decimal("12.5")
    assert row["engagement_score_undecayed"] == 30
    assert row["last_engagement_at"] == datetime(2024, 6, 16, 10)


CAPS = [{"scorecard": "g", "score": "fit", "category": "c", "min_points": "-4", "max_points": "8"}]
RANGE_CASES = [
    (
        "the vector: -5 for not knowing, 30 if known",
        [rule("a", "industry in a", "30"), rule("b", "industry is_unknown", "-5")],
        [],
        (0, 0, 30),
        {"b": "-5", "cap:score": "5"},
    ),
    (
        "a negative open rule lowers the low end only",
        [rule("a", "job_title is_known", "20"), rule("b", "industry in a", "-5")],
        [],
        (20, 15, 20),
        {"a": "20"},
    ),
    (
        "is_unknown that holds now may stop holding",
        [rule("a", "job_title is_known", "20"), rule("b", "industry is_unknown", "5")],
        [],
        (25, 20, 25),
        {"a": "20", "b": "5"},
    ),
    (
        "a false condition on a known field closes a rule",
        [rule("a", "industry in a", "30"), rule("a", "job_title equals ceo", "30")],
        [],
        (0, 0, 0),
        {},
    ),
    (
        "category caps apply inside the range",
        [
            rule("a", "industry in a", "30"),
            rule("b", "industry in b", "-30"),
            rule("c", "job_title is_known", "20", category="other"),
        ],
        CAPS,
        (20, 16, 28),
        {"c": "20"},
    ),
]


@pytest.mark.parametrize(
    ("rules", "caps", "expected", "points"),
    [c[1:] for c in RANGE_CASES],
    ids=[c[0] for c in RANGE_CASES],
)
def test_fit_range(
    rules: list[dict], caps: list[dict], expected: tuple[int, ...], points: dict[str, str]
) -> None:
    leads = [lead(job_title="VP")]
    result = score_world(world(leads=leads, fit_rules=rules, category_caps=caps))
    row = only_score(result)
    assert (row["fit_score"], row["fit_score_low"], row["fit_score_high"]) == expected
    assert points_by_rule(result) == {k: Decimal(v) for k, v in points.items()}


def test_fit_completeness_is_the_share_of_known_fields() -> None:
    rules = [
        rule("a", "job_title is_known"),
        rule("a", "industry is_unknown"),
        rule("b", "job_title equals x"),
        rule("b", "seniority equals x"),
    ]
    row = only_score(score_world(world(leads=TITLE, fit_rules=rules)))
    assert row["fit_completeness"] == 1 / 3
    assert only_score(score_world(world()))["fit_completeness"] == 1


def test_reasons_by_size_then_rule_id() -> None:
    rules = [rule("b", "job_title is_known", "5"), rule("C", "job_title is_known", "-5")]
    engagement = [
        engagement_rule("a", points="2"),
        engagement_rule("z", points="9", max_points="1"),
    ]
    row = only_score(
        score_world(world([event()], leads=TITLE, fit_rules=rules, engagement_rules=engagement))
    )
    reasons = [row[f"top_reason_{place}"] for place in (1, 2, 3)]
    assert reasons == ["reason of z", "reason of C", "reason of b"]
    assert only_score(score_world(world()))["top_reason_1"] is None


def test_a_contribution_says_what_counted() -> None:
    clamp, row = score_world(
        world(
            [event(1), event(1), event(1), event(3)],
            engagement_rules=[engagement_rule(decay="d", daily_cap="2", max_points="5")],
            decay_curves=[curve("linear", "4")],
        )
    ).contributions
    assert clamp == {
        "lead_id": "L1",
        "scorecard": "g",
        "score": "engagement",
        "rule_id": "cap:rule:r",
        "category": "c",
        "match_count": None,
        "points_before_decay": None,
        "points": Decimal("-12.5"),
        "reason": None,
        "last_matched_on": None,
    }
    assert row == {
        "lead_id": "L1",
        "scorecard": "g",
        "score": "engagement",
        "rule_id": "r",
        "category": "c",
        "match_count": 3,
        "points_before_decay": 30,
        "points": Decimal("17.5"),
        "reason": "reason of r",
        "last_matched_on": date(2024, 6, 29),
    }


def test_audiences_decide_which_scorecards_a_lead_gets() -> None:
    audiences = [
        {"scorecard": "de", "field": "country", "operator": "equals", "value": "DE"},
        {"scorecard": "de", "field": "events_30d", "operator": ">", "value": "0"},
        {"scorecard": "known", "field": "country", "operator": "not_equals", "value": "x"},
    ]
    result = score_world(
        world(
            [event()],
            leads=[lead("L1", country="de"), lead("L2", country="de"), lead("L3")],
            scorecards=[scorecard("de"), scorecard("known"), scorecard("all")],
            scorecard_audiences=audiences,
        )
    )
    assert [(row["lead_id"], row["scorecard"]) for row in result.lead_scores] == [
        ("L1", "all"),
        ("L1", "de"),
        ("L1", "known"),
        ("L2", "all"),
        ("L2", "known"),
        ("L3", "all"),
    ]


def test_rule_coverage_counts_points_before_clamps() -> None:
    rules = [engagement_rule(points="80", max_points="50"), engagement_rule("s", event_type="*")]
    rules[1] |= {"field": "device", "operator": "is_known"}
    result = score_world(
        world(
            [event(), event(lead_id="L2")],
            leads=[lead("L1"), lead("L2"), lead("L3")],
            engagement_rules=rules,
        )
    )
    assert result.rule_coverage == [
        {
            "scorecard": "g",
            "score": "engagement",
            "rule_id": "r",
            "leads_hit": 2,
            "points_given": 160,
            "has_never_fired": False,
        },
        {
            "scorecard": "g",
            "score": "engagement",
            "rule_id": "s",
            "leads_hit": 0,
            "points_given": 0,
            "has_never_fired": True,
        },
    ]


def test_an_empty_world() -> None:
    result = score_world(World(as_of=AS_OF))
    assert (result.lead_scores, result.contributions, result.rule_coverage) == ([], [], [])
    assert counted(result) == {}


def test_typed_values_score_like_text() -> None:
    typed = lead(created_at=datetime(2023, 1, 1), seats=12, trial_ends_on=date(2024, 6, 29))
    written = lead(created_at="2023-01-01", seats="12.0", trial_ends_on="2024-06-29T23:00:00Z")
    rules = [rule("a", "seats equals 12"), rule("b", "trial_ends_on within_days 2")]
    results = []
    for row in (typed, written):
        given_world = world(leads=[row], fit_rules=rules)
        fields = given_world.lead_fields | {"seats": "number", "trial_ends_on": "date"}
        results.append(score_world(replace(given_world, lead_fields=fields)))
    assert results[0] == results[1]
    assert only_score(results[0])["fit_points"] == 20


# Statements that hold in every world


def assert_scores_are_in_range(result: Result) -> None:
    for row in result.lead_scores:
        names = ["fit_score", "engagement_score", "engagement_score_undecayed", "lead_score"]
        assert all(0 <= row[name] <= 100 for name in names)
        parts = sorted([row["fit_score"], row["engagement_score"]])
        assert parts[0] <= row["lead_score"] <= parts[1]
        assert 0 <= row["fit_score_low"] <= row["fit_score"] <= row["fit_score_high"] <= 100
        assert 0 <= row["fit_completeness"] <= 1
        if row["fit_completeness"] == 1:
            assert row["fit_score_low"] == row["fit_score_high"]


def assert_contributions_sum_to_points(result: Result) -> None:
    for row in result.lead_scores:
        for score in ("fit", "engagement"):
            own = [
                contribution["points"]
                for contribution in result.contributions
                if contribution["lead_id"] == row["lead_id"]
                and contribution["scorecard"] == row["scorecard"]
                and contribution["score"] == score
            ]
            assert sum(own) == row[f"{score}_points"]


def assert_leads_meet_their_scorecards(given_world: World, result: Result) -> None:
    keys = [(row["lead_id"], row["scorecard"]) for row in result.lead_scores]
    assert len(keys) == len(set(keys))
    live = {row["lead_id"] for row in result.lead_traits}
    assert {lead_id for lead_id, _ in keys} <= live
    with_audience = {row["scorecard"] for row in given_world.seeds["scorecard_audiences"]}
    for card in (row["scorecard"] for row in given_world.seeds["scorecards"]):
        if card not in with_audience:
            assert {lead_id for lead_id, name in keys if name == card} == live


def assert_clamps_bite_and_rules_explain(result: Result) -> None:
    for row in result.contributions:
        if row["rule_id"].startswith("cap:"):
            assert row["points"] != 0
        else:
            assert row["match_count"] >= 0
            # Decay takes from points of either sign and never turns it.
            assert abs(row["points"]) <= abs(row["points_before_decay"])
            assert row["points"] * row["points_before_decay"] >= 0


def assert_bands_stages_and_suppressions_agree(given_world: World, result: Result) -> None:
    has_bands = bool(given_world.seeds["score_bands"])
    for row in result.lead_scores:
        assert (row["score_label"] is not None) == has_bands
        assert (row["lead_band"] is not None) == has_bands
        assert (row["stage"] is not None) == (has_bands or row["is_suppressed"])
        assert (row["stage"] == "suppressed") == row["is_suppressed"]
        if row["is_suppressed"]:
            assert row["next_action"] is None


def assert_coverage_adds_up(result: Result) -> None:
    for row in result.rule_coverage:
        own = [
            contribution["points"]
            for contribution in result.contributions
            if contribution["rule_id"] == row["rule_id"]
        ]
        assert (len(own), sum(own)) == (row["leads_hit"], row["points_given"])
        assert row["has_never_fired"] == (not own)


def assert_order_of_rows_does_not_matter(given_world: World, result: Result) -> None:
    shuffle = random.Random(0).sample
    raw = {table: shuffle(rows, len(rows)) for table, rows in given_world.raw.items()}
    assert score_world(replace(given_world, raw=raw)) == result


@pytest.mark.parametrize("with_all", [False, True], ids=["plain", "with traits and windows"])
def test_invariants_of_any_world(with_all: bool) -> None:
    @settings(
        max_examples=50,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(with_traits=with_all, with_count_windows=with_all))
    def check(given_world: World) -> None:
        result = score_world(given_world)
        assert sum(result.event_buckets.values()) == len(given_world.raw["raw_events"])
        assert_scores_are_in_range(result)
        assert_contributions_sum_to_points(result)
        assert_leads_meet_their_scorecards(given_world, result)
        assert_clamps_bite_and_rules_explain(result)
        assert_bands_stages_and_suppressions_agree(given_world, result)
        assert_coverage_adds_up(result)
        assert_order_of_rows_does_not_matter(given_world, result)

    check()
