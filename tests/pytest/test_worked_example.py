"""The numbers of docs/how_scoring_works.md, by the models and by the reference."""

from datetime import date
from decimal import Decimal

from comparison import Comparison
from pipeline import PROJECT, read_rules
from reference import World

EVENTS = [
    ("e1", "email_click", "2026-01-17T08:59:00Z"),
    ("e2", "Viewed Pricing", "2026-01-17T09:00:00Z"),
    ("e3", "Viewed Pricing", "2026-01-31T10:00:00Z"),
    ("e4", "Viewed Pricing", "2026-01-31T10:05:00Z"),
    ("e5", "Viewed Pricing", "2026-01-31T10:06:00Z"),
]


def test_adas_scores_are_those_of_the_page(comparison: Comparison) -> None:
    world = World(
        as_of=date(2026, 1, 31),
        seeds=read_rules(PROJECT / "seeds"),
        raw={
            "raw_leads": [
                {
                    "lead_id": "ada",
                    "account_id": "northwind",
                    "job_title": "VP Data",
                    "department": "Data",
                    "country": "Canada",
                    "email": "ada@northwind.example",
                    "created_at": "2025-11-20",
                }
            ],
            "raw_firmographics": [
                {
                    "account_id": "northwind",
                    "industry": "Software",
                    "employee_count": "800",
                    "technologies": "Snowflake|dbt",
                }
            ],
            "raw_events": [
                {"event_id": key, "lead_id": "ada", "event_type": kind, "occurred_at": at}
                for key, kind, at in EVENTS
            ],
        },
    )
    found, result = comparison.differences(world)
    assert found == []
    [ada] = result.lead_scores
    expected = {
        "fit_score": Decimal("81.00"),
        "fit_score_low": Decimal("71.00"),
        "fit_score_high": Decimal("100.00"),
        "engagement_score": Decimal("42.86"),
        "engagement_score_undecayed": Decimal("54.29"),
        "lead_score": Decimal("58.11"),
        "fit_completeness": 7 / 11,
        "score_label": "A2",
        "lead_band": "warm",
        "stage": "sales_ready",
    }
    assert {name: ada[name] for name in expected} == expected
    points = {row["rule_id"]: row["points"] for row in result.contributions}
    assert points["eng_pricing_view"] == 18
    assert points["eng_email_click"] == 2
    assert points["eng_active_day"] == 2
