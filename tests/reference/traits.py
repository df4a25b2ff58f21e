"""Behavioural traits of one lead, as of the date (section 5)."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from reference.inputs import Conversion, Event
from reference.world import Row

TRAIT_TYPES = {
    "days_since_last_engagement": "number",
    "active_days_30d": "number",
    "active_days_90d": "number",
    "events_30d": "number",
    "distinct_pages_30d": "number",
    "sessions_30d": "number",
    "bounce_rate_90d": "number",
    "average_page_seconds_30d": "number",
    "emails_delivered_90d": "number",
    "email_open_rate_90d": "number",
    "email_click_rate_90d": "number",
    "opened_last_5_emails": "boolean",
    "past_purchases": "number",
    "past_purchase_value": "number",
    "top_content_topic": "text",
    "top_device": "text",
    "first_channel": "text",
    "last_channel": "text",
}

SESSION_GAP = timedelta(minutes=30)


def traits_of(
    events: list[Event], conversions: list[Conversion], purchase_types: frozenset[str | None]
) -> Row:
    """All traits. Types that the catalogue lacks count only for pages and channels."""
    catalogued = [event for event in events if event.is_catalogued]
    return (
        _engagement_traits([event for event in catalogued if event.is_engagement])
        | _page_traits([event for event in events if event.page_path is not None])
        | _email_traits(catalogued)
        | _purchase_traits([c for c in conversions if c.conversion_type in purchase_types])
        | {
            "top_content_topic": _most_frequent(catalogued, "content_topic"),
            "top_device": _most_frequent(catalogued, "device"),
        }
        | _channel_traits([event for event in events if event.channel is not None])
    )


def _within(events: Iterable[Event], days: int) -> list[Event]:
    return [event for event in events if event.age_days < days]


def _engagement_traits(engagements: list[Event]) -> Row:
    return {
        "days_since_last_engagement": min((e.age_days for e in engagements), default=None),
        "active_days_30d": len({e.age_days for e in _within(engagements, 30)}),
        "active_days_90d": len({e.age_days for e in _within(engagements, 90)}),
        "events_30d": len(_within(engagements, 30)),
    }


def _page_traits(views: list[Event]) -> Row:
    recent, sessions = _within(views, 30), sessions_of(_within(views, 90))
    seconds = [e.duration_seconds for e in recent if e.duration_seconds is not None]
    return {
        "distinct_pages_30d": len({e.page_path for e in recent}),
        "sessions_30d": len(sessions_of(recent)),
        "bounce_rate_90d": _share(sum(map(_is_bounce, sessions)), len(sessions)),
        "average_page_seconds_30d": math.fsum(seconds) / len(seconds) if seconds else None,
    }


def sessions_of(views: list[Event]) -> list[list[Event]]:
    """Page events of one day, split where the gap is half an hour or more."""
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in sorted(views, key=lambda event: event.occurred_at):
        by_day[event.occurred_at.date()].append(event)
    sessions = []
    for same_day in by_day.values():
        session = [same_day[0]]
        for previous, event in pairwise(same_day):
            if event.occurred_at - previous.occurred_at >= SESSION_GAP:
                sessions.append(session)
                session = []
            session.append(event)
        sessions.append(session)
    return sessions


def _is_bounce(session: list[Event]) -> bool:
    seconds = session[0].duration_seconds
    return len(session) == 1 and seconds is not None and seconds < 10


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _email_traits(catalogued: list[Event]) -> Row:
    count = Counter(event.event_type for event in _within(catalogued, 90))
    delivered = count["email_delivered"]

    def rate(event_type: str) -> float | None:
        return min(1.0, count[event_type] / delivered) if delivered >= 3 else None

    return {
        "emails_delivered_90d": delivered,
        "email_open_rate_90d": rate("email_open"),
        "email_click_rate_90d": rate("email_click"),
        "opened_last_5_emails": _opened_last_5(catalogued),
    }


def _opened_last_5(catalogued: list[Event]) -> bool | None:
    delivered = [event for event in catalogued if event.event_type == "email_delivered"]
    opens = [event for event in catalogued if event.event_type == "email_open"]
    if len(delivered) < 5:
        return None
    return all(_is_opened(email, opens) for email in sorted(delivered, key=_order)[-5:])


def _is_opened(email: Event, opens: list[Event]) -> bool:
    return email.campaign is not None and any(
        event.campaign == email.campaign and event.occurred_at >= email.occurred_at
        for event in opens
    )


def _order(event: Event) -> tuple:
    """By (`occurred_at`, `event_id`), no id first; the rest only makes full ties repeatable."""
    return (event.occurred_at, event.event_id or "", event.channel or "", event.campaign or "")


def _purchase_traits(purchases: list[Conversion]) -> Row:
    return {
        "past_purchases": len(purchases),
        "past_purchase_value": math.fsum(c.amount for c in purchases if c.amount is not None),
    }


def _most_frequent(catalogued: list[Event], column: str) -> str | None:
    """The value with most events in 90 days; ties: the later one, then by name."""
    recent = [event for event in _within(catalogued, 90) if getattr(event, column) is not None]
    count = Counter(getattr(event, column) for event in recent)
    latest = {}
    for event in sorted(recent, key=lambda event: event.occurred_at):
        latest[getattr(event, column)] = event.occurred_at
    by_name = sorted(count)
    return max(by_name, key=lambda value: (count[value], latest[value]), default=None)


def _channel_traits(with_channel: list[Event]) -> Row:
    in_order = sorted(with_channel, key=_order)
    return {
        "first_channel": in_order[0].channel if in_order else None,
        "last_channel": in_order[-1].channel if in_order else None,
    }
