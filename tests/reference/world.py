"""What goes in and what comes out."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = dict[str, Any]

LEAD_FIELDS = {
    "email": "text",
    "job_title": "text",
    "department": "text",
    "seniority": "text",
    "country": "text",
    "language": "text",
    "lead_source": "text",
    "campaign": "text",
    "created_at": "date",
    "updated_at": "date",
}
ACCOUNT_FIELDS = {
    "company_name": "text",
    "domain": "text",
    "industry": "text",
    "employee_count": "number",
    "annual_revenue": "number",
    "growth_rate": "number",
    "location_count": "number",
    "technologies": "list",
    "country": "text",
    "updated_at": "date",
}
EVENT_FIELDS = {
    "page_path": "text",
    "channel": "text",
    "campaign": "text",
    "content_topic": "text",
    "device": "text",
    "duration_seconds": "number",
    "value": "number",
}
PURCHASE_TYPES = ["purchase", "closed_won"]


@dataclass(frozen=True)
class World:
    """Everything that a run reads. A table or seed that is missing counts as empty."""

    as_of: date
    raw: dict[str, list[Row]] = field(default_factory=dict)
    seeds: dict[str, list[dict[str, str | None]]] = field(default_factory=dict)
    lead_fields: dict[str, str] = field(default_factory=lambda: dict(LEAD_FIELDS))
    account_fields: dict[str, str] = field(default_factory=lambda: dict(ACCOUNT_FIELDS))
    event_fields: dict[str, str] = field(default_factory=lambda: dict(EVENT_FIELDS))
    purchase_types: list[str] = field(default_factory=lambda: list(PURCHASE_TYPES))
    customer_types: list[str] = field(default_factory=lambda: list(PURCHASE_TYPES))
    # None: the last stage of each scorecard
    sales_stages: list[str] | None = None
    trend_points: float = 5
    forecast_days: int = 90
    history_fill_days: int = 31
    recycled_days: int = 90
    cooling_days: int = 14


@dataclass(frozen=True)
class Result:
    """Scores and points are exact `Decimal`s; tables are sorted by their keys."""

    lead_scores: list[Row]
    contributions: list[Row]
    rule_coverage: list[Row]
    lead_traits: list[Row]
    event_buckets: dict[str, int]
