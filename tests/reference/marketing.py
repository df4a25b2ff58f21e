"""What channels and content bring in (section 7)."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reference.qualification import Transitions
from reference.timeline import Timeline
from reference.values import text
from reference.world import Row

Z = 1.959964
UNKNOWN = "(unknown)"


@dataclass(frozen=True)
class Member:
    """A lead of a group. Outcomes before `since` are none of the group's doing."""

    score: Row
    since: date = date.min


def channel_performance(
    timeline: Timeline, day: date, lead_scores: list[Row], transitions: Transitions
) -> list[Row]:
    groups: dict[tuple[str, str, str], list[Member]] = defaultdict(list)
    for score in lead_scores:
        lead = timeline.records.leads[score["lead_id"]]
        traits = timeline.snapshot(day).profiles[score["lead_id"]].traits
        values = {
            "lead_source": text(lead.row.get("lead_source")),
            "campaign": text(lead.row.get("campaign")),
            "first_channel": traits["first_channel"],
            "last_channel": traits["last_channel"],
        }
        for dimension, value in values.items():
            groups[score["scorecard"], dimension, value or UNKNOWN].append(Member(score))
    return [
        dict(zip(("scorecard", "dimension", "dimension_value"), key, strict=True))
        | _performance(timeline, day, groups[key], transitions)
        for key in sorted(groups)
    ]


def content_performance(
    timeline: Timeline, day: date, lead_scores: list[Row], transitions: Transitions
) -> list[Row]:
    groups: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for score in lead_scores:
        for topic, first in _first_touches(timeline, day, score["lead_id"]).items():
            groups[score["scorecard"], topic].append(Member(score, since=first))
    return [
        dict(zip(("scorecard", "content_topic"), key, strict=True))
        | _performance(timeline, day, groups[key], transitions)
        for key in sorted(groups)
    ]


def _first_touches(timeline: Timeline, day: date, lead_id: str) -> dict[str, date]:
    """By topic, the date of the lead's first engagement with it."""
    touches: dict[str, date] = {}
    for event in timeline.snapshot(day).profiles[lead_id].events:
        if event.is_engagement and event.content_topic is not None:
            on = event.occurred_at.date()
            touches[event.content_topic] = min(on, touches.get(event.content_topic, on))
    return touches


def _performance(
    timeline: Timeline, day: date, members: list[Member], transitions: Transitions
) -> Row:
    amounts = [_amounts(timeline, day, member) for member in members]
    amount = math.fsum(a for own in amounts for a in own if a is not None)
    counts = {
        "mql": sum(_has_entered("mql", day, member, transitions) for member in members),
        "sql": sum(_has_entered("sql", day, member, transitions) for member in members),
        "conversion": sum(bool(own) for own in amounts),
    }
    return {
        "lead_count": len(members),
        "suppressed_lead_count": sum(member.score["is_suppressed"] for member in members),
        "average_fit_score": _mean(member.score["fit_score"] for member in members),
        "average_engagement_score": _mean(member.score["engagement_score"] for member in members),
        "average_lead_score": _mean(member.score["lead_score"] for member in members),
        "mql_count": counts["mql"],
        "sql_count": counts["sql"],
        "converted_lead_count": counts["conversion"],
        **_rates(counts, len(members)),
        "amount": amount,
        "amount_per_lead": amount / len(members),
    }


def _amounts(timeline: Timeline, day: date, member: Member) -> list[float | None]:
    """Of the lead's conversions into a customer, one each."""
    customer_types = set(map(text, timeline.world.customer_types))
    return [
        conversion.amount
        for conversion in timeline.inputs(day).conversions.get(member.score["lead_id"], [])
        if conversion.conversion_type in customer_types and conversion.converted_on >= member.since
    ]


def _has_entered(stage: str, day: date, member: Member, transitions: Transitions) -> bool:
    key = (member.score["lead_id"], member.score["scorecard"], stage)
    return any(
        row["transition"] == "entry" and row["transition_date"] >= member.since
        for row in transitions.up_to(key, day)
    )


def _mean(values: Iterable) -> float:
    listed = list(values)
    return float(sum(listed) / len(listed))


def _rates(counts: dict[str, int], total: int) -> Row:
    rates = {}
    for name, count in counts.items():
        low, high = wilson_interval(count, total)
        rates |= {
            f"{name}_rate": count / total,
            f"{name}_rate_low": low,
            f"{name}_rate_high": high,
        }
    return rates


def wilson_interval(count: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share."""
    share = count / total
    width = 1 + Z**2 / total
    center = (share + Z**2 / (2 * total)) / width
    half = Z * math.sqrt(share * (1 - share) / total + Z**2 / (4 * total**2)) / width
    return max(0.0, center - half), min(1.0, center + half)
