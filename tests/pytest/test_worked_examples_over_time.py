"""The numbers of the worked examples in docs, by the models.

Each test scores the tiny world of its page. Values are worked out by hand and equal those on the
page. The worlds share all settings, so that the models are compiled once.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from comparison import Comparison
from pipeline import Row
from reference import Backfill, World

EVENT_CATALOG = """\
raw_event_type,event_type,channel,is_engagement
page_view,page_view,,true
pricing_view,pricing_view,,true
webinar_attended,webinar_attended,,true
chat_started,chat_started,,true
demo_request,demo_request,,true
email_delivered,email_delivered,email,false
email_open,email_open,email,true
"""
SCORECARD = """\
scorecard,fit_weight,engagement_weight,fit_max_points,engagement_max_points
tiny,40,60,100,100
"""
DECAY_CURVES = """\
decay,kind,days,percent
none,none,,
fade_7,exponential,7,
steps,stepped,5,25
line_25,linear,25,
one_day,window,1,
"""
SEEDS = {
    "scorecards": SCORECARD,
    "event_catalog": EVENT_CATALOG,
    "decay_curves": DECAY_CURVES,
}


def table(text: str) -> list[Row]:
    """Rows as a CSV file has them; what is blank is null."""
    rows = csv.DictReader(io.StringIO(text))
    return [{name: cell or None for name, cell in row.items()} for row in rows]


def world(raw: Mapping[str, str], seeds: Mapping[str, str], as_of: date) -> World:
    return World(
        as_of=as_of,
        raw={name: table(text) for name, text in raw.items()},
        seeds={name: table(text) for name, text in (SEEDS | dict(seeds)).items()},
    )


def with_raw(given: World, **raw: str) -> World:
    return replace(given, raw=given.raw | {name: table(text) for name, text in raw.items()})


def january(day: int) -> date:
    return date(2026, 1, day)


def only(rows: list[Row], **key: Any) -> Row:
    (row,) = [row for row in rows if key.items() <= row.items()]
    return row


def picked(rows: list[Row], *names: str) -> list[tuple]:
    """The named columns as numbers and words, in order, null last."""
    cells = [tuple(plain(row[name]) for name in names) for row in rows]
    return sorted(cells, key=lambda row: [(cell is None, cell) for cell in row])


def plain(value: Any) -> Any:
    is_number = value is not None and not isinstance(value, (bool, str, date))
    return float(value) if is_number else value


# docs/behavior.md

BEHAVIOR_SEEDS = {
    "scorecards": """\
scorecard,fit_weight,engagement_weight,fit_max_points,engagement_max_points
tiny,40,60,100,50
""",
    "behavior_rules": """\
rule_id,scorecard,category,field,operator,value,points,reason
beh_asleep,tiny,trend,days_since_last_engagement,>=,60,-6,Has not been heard of for two months
beh_ignores_mail,tiny,email,email_open_rate_90d,<,0.2,-4,Opens hardly any of our e-mails
beh_reads_mail,tiny,email,opened_last_5_emails,is_true,,10,Opened our last five e-mails
beh_topic,tiny,content,top_content_topic,in,roi|migration,8,Reads most about what buyers ask
beh_bought,tiny,purchases,past_purchases,>=,1,20,Bought before
""",
    "engagement_rules": """\
rule_id,scorecard,category,event_type,points,decay,min_events,max_events,within_days,reason
win_prices,tiny,web,pricing_view,20,fade_7,3,,14,Studied our prices
win_silence,tiny,web,*,-3,,,0,60,Nothing for two months
""",
}
BEHAVIOR_RAW = {
    "raw_leads": """\
lead_id,created_at
rosa,2025-06-01
tom,2025-06-01
uma,2025-11-01
""",
    "raw_events": """\
event_id,lead_id,event_type,occurred_at,campaign,content_topic
r1,rosa,email_delivered,2025-11-10T08:00:00Z,m1,
r2,rosa,email_delivered,2025-11-24T08:00:00Z,m2,
r3,rosa,email_delivered,2025-12-08T08:00:00Z,m3,
r4,rosa,email_delivered,2025-12-22T08:00:00Z,m4,
r5,rosa,email_delivered,2026-01-05T08:00:00Z,m5,
r6,rosa,email_delivered,2026-01-19T08:00:00Z,m6,
r7,rosa,email_open,2025-11-24T09:00:00Z,m2,
r8,rosa,email_open,2025-12-08T09:00:00Z,m3,
r9,rosa,email_open,2025-12-22T09:00:00Z,m4,
r10,rosa,email_open,2026-01-05T09:00:00Z,m5,
r11,rosa,email_open,2026-01-19T09:00:00Z,m6,
r12,rosa,page_view,2026-01-10T09:00:00Z,,ROI
r13,rosa,page_view,2026-01-12T09:00:00Z,,roi
r14,rosa,page_view,2026-01-14T09:00:00Z,,security
r15,rosa,pricing_view,2026-01-17T09:00:00Z,,
r16,rosa,pricing_view,2026-01-20T09:00:00Z,,
r17,rosa,pricing_view,2026-01-20T09:05:00Z,,
r18,rosa,pricing_view,2026-01-24T09:00:00Z,,
t1,tom,email_delivered,2025-11-10T08:00:00Z,m1,
t2,tom,email_delivered,2025-11-24T08:00:00Z,m2,
t3,tom,email_delivered,2025-12-08T08:00:00Z,m3,
t4,tom,email_delivered,2025-12-22T08:00:00Z,m4,
t5,tom,email_delivered,2026-01-05T08:00:00Z,m5,
t6,tom,email_delivered,2026-01-19T08:00:00Z,m6,
t7,tom,email_open,2025-11-11T09:00:00Z,m1,
""",
    "raw_conversions": """\
lead_id,conversion_type,converted_at,amount
tom,purchase,2025-03-01,900
""",
}


def test_behavior_page(comparison: Comparison) -> None:
    found = comparison.tables(world(BEHAVIOR_RAW, BEHAVIOR_SEEDS, january(31)))
    contributions = picked(
        found["lead_score_contributions"], "lead_id", "rule_id", "points_before_decay", "points"
    )
    assert contributions == [
        ("rosa", "beh_reads_mail", 10, 10),
        ("rosa", "beh_topic", 8, 8),
        ("rosa", "win_prices", 20, 10),
        ("tom", "beh_asleep", -6, -6),
        ("tom", "beh_bought", 20, 20),
        ("tom", "beh_ignores_mail", -4, -4),
        ("tom", "win_silence", -3, -3),
        ("uma", "cap:score", None, 3),
        ("uma", "win_silence", -3, -3),
    ]
    names = ("lead_id", "engagement_score", "engagement_score_undecayed", "is_customer")
    assert picked(found["lead_scores"], *names) == [
        ("rosa", 56, 76, False),
        ("tom", 14, 14, True),
        ("uma", 0, 0, False),
    ]


# docs/over_time.md

OVER_TIME_SEEDS = {
    "engagement_rules": """\
rule_id,scorecard,category,event_type,points,decay,reason
demo,tiny,c,demo_request,60,steps,Asked for a demo
chat,tiny,c,chat_started,10,none,Chatted with us
""",
    "qualification_thresholds": """\
scorecard,stage,score,enter_at,exit_below,exit_days
tiny,mql,engagement,50,30,2
""",
}
OVER_TIME_RAW = {
    "raw_leads": "lead_id,created_at\nmia,2025-11-01\n",
    "raw_events": """\
event_id,lead_id,event_type,occurred_at
e1,mia,demo_request,2026-01-01T10:00:00Z
""",
}
LATE_EVENT = "e2,mia,chat_started,2026-01-03T10:00:00Z\n"


def test_over_time_page(comparison: Comparison) -> None:
    first = world(OVER_TIME_RAW, OVER_TIME_SEEDS, january(1))
    late = with_raw(first, raw_events=OVER_TIME_RAW["raw_events"] + LATE_EVENT)
    daily = [first, replace(first, as_of=january(5)), replace(late, as_of=january(8))]
    history = ("as_of_date", "engagement_score", "lead_score")

    found = comparison.tables_over_time(daily)
    assert picked(found["lead_score_history"], *history) == [
        (january(1), 60, 36),
        (january(6), 55, 33),
    ]
    mia = only(found["lead_scores"])
    assert mia["as_of_date"] == january(8)
    assert (plain(mia["engagement_score"]), mia["score_trend"]) == (55, "falling")
    assert (plain(mia["engagement_delta_7d"]), plain(mia["engagement_delta_30d"])) == (-5, 55)
    assert (mia["qualified_stage"], mia["qualified_since"]) == ("mql", january(1))
    assert mia["cools_on"] == january(16)

    found = comparison.tables_over_time([*daily, Backfill(late, january(3), january(4))])
    assert picked(found["lead_score_history"], *history) == [
        (january(1), 60, 36),
        (january(3), 70, 42),
        (january(6), 55, 33),
    ]
    assert only(found["lead_scores"])["as_of_date"] == january(8)
    assert only(found["lead_scores"])["qualified_since"] == january(1)

    # A replay of 3 January shows what is known now, and records nothing.
    found = comparison.tables_over_time([*daily, replace(late, as_of=january(3))])
    assert plain(only(found["lead_scores"])["engagement_score"]) == 70
    assert len(found["lead_score_history"]) == 2


# docs/qualification.md

QUALIFICATION_LEVELS = {
    1: 48, 2: 52, 3: 49, 4: 51, 5: 48, 6: 50, 7: 39,
    8: 41, 9: 39, 10: 38, 11: 36, 12: 49, 13: 50,
}  # fmt: skip
QUALIFICATION_THRESHOLDS = """\
scorecard,stage,score,enter_at,exit_below,exit_days
tiny,mql,engagement,50,40,3
tiny,sql,engagement,52,45,1
"""


def sams_world() -> World:
    """One page view a day, worth what the score of that day is on the page."""
    used = sorted(set(QUALIFICATION_LEVELS.values()))
    rules = [
        f"r{level},tiny,c,page_view,page_path,equals,/{level},{level},one_day,Visited us\n"
        for level in used
    ]
    events = [
        f"e{day},sam,page_view,2026-01-{day:02}T10:00:00Z,/{level}\n"
        for day, level in QUALIFICATION_LEVELS.items()
    ]
    return world(
        raw={
            "raw_leads": "lead_id,created_at\nsam,2025-11-01\n",
            "raw_events": "event_id,lead_id,event_type,occurred_at,page_path\n" + "".join(events),
        },
        seeds={
            "engagement_rules": (
                "rule_id,scorecard,category,event_type,field,operator,value,points,decay,reason\n"
                + "".join(rules)
            ),
            "qualification_thresholds": QUALIFICATION_THRESHOLDS,
        },
        as_of=january(1),
    )


def test_qualification_page(comparison: Comparison) -> None:
    sam = sams_world()
    # A run on 1 January and later ones, which record the days between.
    found = comparison.tables_over_time([sam, replace(sam, as_of=january(13))])
    scores = {row["as_of_date"].day: row["engagement_score"] for row in found["lead_score_history"]}
    assert scores == QUALIFICATION_LEVELS
    names = ("transition_date", "stage", "transition", "entry_number", "days_in_stage")
    assert picked(found["lead_stage_transitions"], *names) == [
        (january(2), "mql", "entry", 1, None),
        (january(2), "sql", "entry", 1, None),
        (january(7), "sql", "exit", 1, 5),
        (january(11), "mql", "exit", 1, 9),
        (january(13), "mql", "entry", 2, None),
    ]
    reasons = {row["transition_date"].day: row for row in found["lead_stage_transitions"]}
    assert reasons[7]["exit_cause"] == "below"
    assert reasons[7]["reason"] == "Engagement score below 45 for 1 day"
    assert reasons[11]["reason"] == "Engagement score below 40 for 3 days"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (6, ("sql", january(2), True, True)),
        (10, ("mql", january(2), True, False)),
        (13, ("mql", january(13), True, False)),
    ],
)
def test_qualification_page_by_date(comparison: Comparison, day: int, expected: tuple) -> None:
    sam = sams_world()
    found = comparison.tables_over_time([sam, replace(sam, as_of=january(day))])
    row = only(found["lead_scores"])
    names = ("qualified_stage", "qualified_since", "is_mql", "is_sql")
    assert tuple(row[name] for name in names) == expected


# docs/handoff.md

HANDOFF_SEEDS = {
    "engagement_rules": """\
rule_id,scorecard,category,event_type,points,decay,reason
demo,tiny,c,demo_request,70,none,Asked for a demo
prices,tiny,c,pricing_view,20,none,Looked at our prices
webinar,tiny,c,webinar_attended,50,line_25,Attended a webinar
""",
    "qualification_thresholds": """\
scorecard,stage,score,enter_at,exit_below,exit_days
tiny,mql,engagement,30,20,1
tiny,sql,engagement,60,50,1
""",
    "journey_steps": """\
field,value,step
event_type,webinar_attended,consideration
content_topic,roi,decision
""",
}
HANDOFF_LEADS = """\
lead_id,created_at
ana,2025-11-01
bob,2025-11-01
cleo,2025-11-01
eva,2025-11-01
fay,2025-11-01
"""
HANDOFF_RAW = {
    "raw_leads": HANDOFF_LEADS + "gus,2025-11-01\n",
    "raw_events": """\
event_id,lead_id,event_type,occurred_at,content_topic
e1,fay,webinar_attended,2026-01-10T10:00:00Z,ROI
e2,ana,pricing_view,2026-01-20T10:00:00Z,
e3,cleo,webinar_attended,2026-01-22T10:00:00Z,Data Integration
e4,bob,demo_request,2026-01-30T10:00:00Z,
e5,ana,demo_request,2026-01-31T10:00:00Z,
e6,eva,demo_request,2026-01-31T10:00:00Z,
""",
    "raw_conversions": """\
lead_id,conversion_type,converted_at
eva,purchase,2025-12-01
""",
}


def handoff_runs() -> list[World]:
    """Runs on 10, 30 and 31 January; Gus is gone at the last."""
    before = world(HANDOFF_RAW, HANDOFF_SEEDS, january(10))
    after = with_raw(before, raw_leads=HANDOFF_LEADS)
    return [before, replace(before, as_of=january(30)), replace(after, as_of=january(31))]


def test_handoff_page(comparison: Comparison) -> None:
    runs = handoff_runs()
    queue = ("lead_id", "queue_rank", "stage", "entered_on", "lead_score", "top_reason_1")
    found = comparison.tables_over_time(runs[:2])
    assert picked(found["sales_queue"], *queue) == [
        ("bob", 1, "sql", january(30), 42, "Asked for a demo"),
    ]
    found = comparison.tables_over_time(runs)
    assert picked(found["sales_queue"], *queue) == [
        ("ana", 1, "sql", january(31), 54, "Asked for a demo"),
    ]
    nurture = (
        "lead_id", "nurture_reason", "stage", "since", "cools_on", "topic_interest",
        "journey_step", "engagement_score", "score_trend",
    )  # fmt: skip
    assert picked(found["nurture_queue"], *nurture) == [
        (
            "cleo", "cooling", "mql", january(22), date(2026, 2, 7), "data integration",
            "consideration", 32, "falling",
        ),
        ("fay", "recycled", "mql", january(26), None, "roi", "decision", 8, "falling"),
    ]  # fmt: skip

    names = ("lead_id", "change_type", "changed_columns", "change_number", "engagement_score")
    assert picked(found["score_changes"], *names) == [
        (
            "ana",
            "changed",
            "engagement_score|lead_score|qualified_stage|qualified_since|is_mql|is_sql"
            "|top_reason_1|top_reason_2",
            3,
            90,
        ),
        ("cleo", "changed", "engagement_score|lead_score", 3, 32),
        (
            "eva",
            "changed",
            "engagement_score|lead_score|qualified_stage|qualified_since|is_mql|is_sql"
            "|score_trend|top_reason_1",
            3,
            70,
        ),
        ("fay", "changed", "engagement_score|lead_score", 3, 8),
        (None, "removed", None, 3, None),
    ]
    gus = only(found["score_changes"], change_type="removed")
    assert gus["sync_key"] == "a7f961391bc3a40434bf317322799cc9"
    # The same run again changes nothing and leaves the table as it is.
    again = comparison.tables_over_time([*runs, runs[-1]])
    assert picked(again["score_changes"], *names) == picked(found["score_changes"], *names)


# docs/accounts.md

ACCOUNTS_SEEDS = {
    "fit_rules": """\
rule_id,scorecard,category,field,operator,value,points,reason
fit_industry,tiny,firm,industry,equals,software,30,Works in software
fit_size,tiny,firm,employee_count,between,200|2000,20,200 to 2000 employees
fit_title,tiny,person,job_title,starts_with,vp,25,Decides
""",
    "engagement_rules": """\
rule_id,scorecard,category,event_type,points,decay,reason
demo,tiny,c,demo_request,40,none,Asked for a demo
webinar,tiny,c,webinar_attended,30,none,Attended a webinar
prices,tiny,c,pricing_view,20,none,Looked at our prices
""",
    "suppressions": """\
suppression_id,field,operator,value,reason
opted_out,campaign,equals,opted out,Opted out
""",
    "account_rollups": """\
scorecard,method,top_k,discount,fit_max_points
tiny,top_k,3,0.5,60
""",
    "buying_roles": """\
role,description
decision_maker,Signs the contract
champion,Runs the evaluation
finance,Agrees to the price
""",
    "buying_role_rules": """\
role_rule_id,role,field,operator,value
by_title,decision_maker,job_title,starts_with,vp
by_department,champion,department,equals,data
by_finance,finance,department,equals,finance
""",
    "score_bands": """\
scorecard,score,band,min_score
tiny,fit,A,70
tiny,fit,B,0
tiny,engagement,1,60
tiny,engagement,2,0
""",
}
ACCOUNTS_RAW = {
    "raw_leads": """\
lead_id,account_id,job_title,department,campaign,created_at
ada,northwind,VP Sales,Sales,,2025-11-01
ben,northwind,Analyst,Data,,2025-11-01
cy,northwind,Engineer,IT,,2025-11-01
dee,northwind,Controller,Finance,opted out,2025-11-01
""",
    "raw_firmographics": """\
account_id,company_name,industry,employee_count
northwind,Northwind,Software,800
""",
    "raw_events": """\
event_id,lead_id,event_type,occurred_at
e1,cy,pricing_view,2025-12-20T10:00:00Z
e2,ben,webinar_attended,2026-01-26T10:00:00Z
e3,ada,demo_request,2026-01-28T10:00:00Z
e4,dee,demo_request,2026-01-28T10:00:00Z
""",
}


def test_accounts_page(comparison: Comparison) -> None:
    found = comparison.tables_over_time([world(ACCOUNTS_RAW, ACCOUNTS_SEEDS, january(31))])
    names = ("lead_id", "fit_score", "engagement_score", "lead_score", "is_suppressed")
    assert picked(found["lead_scores"], *names) == [
        ("ada", 75, 40, 54, False),
        ("ben", 50, 30, 38, False),
        ("cy", 50, 20, 32, False),
        ("dee", 50, 40, 44, True),
    ]
    northwind = only(found["account_scores"])
    expected = {
        "account_fit_score": 83.33,
        "account_engagement_score": 60,
        "account_score": 69.33,
        "account_label": "A1",
        "lead_count": 3,
        "engaged_lead_count": 2,
        "best_lead_id": "ada",
        "best_lead_score": 54,
        "roles_covered": "champion|decision_maker",
        "roles_missing": "finance",
        "score_trend": "rising",
        "engagement_delta_7d": 40,
        "engagement_delta_30d": 40,
    }
    assert {name: plain(northwind[name]) for name in expected} == expected
    assert northwind["buying_role_coverage"] == pytest.approx(2 / 3)


# docs/marketing.md

MARKETING_SEEDS = {
    "engagement_rules": """\
rule_id,scorecard,category,event_type,points,decay,reason
demo,tiny,c,demo_request,70,none,Asked for a demo
""",
    "qualification_thresholds": """\
scorecard,stage,score,enter_at,exit_below,exit_days
tiny,mql,engagement,50,30,1
""",
}
MARKETING_RAW = {
    "raw_leads": """\
lead_id,lead_source,created_at
w1,Web,2025-11-01
w2,web,2025-11-01
w3,web,2025-11-01
w4,web,2025-11-01
f1,Trade fair,2025-11-01
""",
    "raw_events": """\
event_id,lead_id,event_type,occurred_at,content_topic
e1,w1,page_view,2026-01-10T10:00:00Z,ROI
e2,w1,demo_request,2026-01-12T10:00:00Z,
e3,w2,page_view,2026-01-20T10:00:00Z,roi
""",
    "raw_conversions": """\
lead_id,conversion_type,converted_at,amount
w1,purchase,2026-01-15,1000
w2,purchase,2026-01-12,500
f1,purchase,2026-01-25,2000
""",
}


def test_marketing_page(comparison: Comparison) -> None:
    first = world(MARKETING_RAW, MARKETING_SEEDS, january(5))
    found = comparison.tables_over_time([first, replace(first, as_of=january(31))])

    def source(value: str) -> Row:
        return only(found["channel_performance"], dimension="lead_source", dimension_value=value)

    web, fair = source("web"), source("trade fair")
    assert (web["lead_count"], web["mql_count"], web["converted_lead_count"]) == (4, 1, 2)
    assert interval(web, "mql_rate") == (0.25, 0.046, 0.699)
    assert interval(web, "conversion_rate") == (0.5, 0.15, 0.85)
    assert (web["amount"], web["amount_per_lead"]) == (1500, 375)
    assert web["average_engagement_score"] == 17.5
    assert (fair["lead_count"], fair["mql_count"], fair["converted_lead_count"]) == (1, 0, 1)
    assert interval(fair, "conversion_rate") == (1, 0.207, 1)
    assert fair["amount_per_lead"] == 2000

    roi = only(found["content_performance"])
    assert (roi["content_topic"], roi["lead_count"]) == ("roi", 2)
    assert (roi["mql_count"], roi["converted_lead_count"], roi["amount"]) == (1, 1, 1000)


def interval(row: Row, rate: str) -> tuple[float, ...]:
    return tuple(round(row[name], 3) for name in (rate, f"{rate}_low", f"{rate}_high"))


# docs/deletion.md

DELETION_SEEDS = {
    "engagement_rules": """\
rule_id,scorecard,category,event_type,points,decay,reason
demo,tiny,c,demo_request,70,none,Asked for a demo
prices,tiny,c,pricing_view,20,none,Looked at our prices
""",
    "qualification_thresholds": """\
scorecard,stage,score,enter_at,exit_below,exit_days
tiny,mql,engagement,50,30,1
""",
}
DELETION_RAW = {
    "raw_leads": """\
lead_id,account_id,created_at
kim,contoso,2025-11-01
lou,contoso,2025-11-01
""",
    "raw_events": """\
event_id,lead_id,anonymous_id,event_type,occurred_at
e1,kim,,demo_request,2026-01-20T10:00:00Z
e2,,visitor-1,pricing_view,2026-01-21T10:00:00Z
e3,lou,,pricing_view,2026-01-22T10:00:00Z
e4,lou,,pricing_view,2026-02-01T10:00:00Z
""",
    "raw_identities": """\
anonymous_id,lead_id,linked_at
visitor-1,kim,2026-01-21T11:00:00Z
""",
}
ERASURES = "lead_id,requested_on,note\nkim,2026-01-31,ticket 12\n"
ERASURES_BY_DIGEST = "lead_id,requested_on,note\nmd5:fb1eaf2bd9f2a7013602be235c305e7a,,\n"


def test_deletion_page(comparison: Comparison) -> None:
    before = world(DELETION_RAW, DELETION_SEEDS, january(30))
    erased = replace(before, as_of=january(31), seeds=before.seeds | {"erasures": table(ERASURES)})
    next_day = replace(erased, as_of=date(2026, 2, 1))

    found = comparison.tables_over_time([before])
    assert picked(found["lead_scores"], "lead_id", "engagement_score") == [("kim", 90), ("lou", 20)]
    assert [row["lead_id"] for row in found["lead_stage_transitions"]] == ["kim"]
    assert only(found["account_scores"])["lead_count"] == 2

    found = comparison.tables_over_time([before, erased])
    assert picked(found["lead_scores"], "lead_id", "engagement_score") == [("lou", 20)]
    assert {row["lead_id"] for row in found["lead_score_history"]} == {"lou"}
    assert found["lead_stage_transitions"] == []
    account = only(found["account_scores"])
    assert (account["lead_count"], account["best_lead_id"]) == (1, "lou")
    removed = only(found["score_changes"])
    assert (removed["change_type"], removed["lead_id"]) == ("removed", None)
    assert removed["sync_key"] == "f52b069e71e567c3a8605a73d9834c17"

    # Lou's visit of 1 February is the next change; Kim's key goes with it.
    found = comparison.tables_over_time([before, erased, next_day])
    assert picked(found["score_changes"], "lead_id", "change_type", "engagement_score") == [
        ("lou", "changed", 40)
    ]


@pytest.mark.parametrize("erasures", [ERASURES, ERASURES_BY_DIGEST], ids=["id", "digest"])
def test_deletion_page_counts_events(comparison: Comparison, erasures: str) -> None:
    before = world(DELETION_RAW, DELETION_SEEDS, january(31))
    found = comparison.tables(replace(before, seeds=before.seeds | {"erasures": table(erasures)}))
    assert [row["lead_id"] for row in found["lead_scores"]] == ["lou"]
    counts = {
        row["issue"]: row["affected_rows"]
        for row in found["data_quality_issues"]
        if row["table_name"] == "raw_events"
    }
    # Lou's visit of 1 February is still to come.
    assert counts == {"unknown_lead": 1, "no_lead": 1, "future": 1}
