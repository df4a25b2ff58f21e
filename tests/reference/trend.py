"""Engagement now against a week and a month ago (section 7)."""

from fractions import Fraction

from reference.values import decimal, exact
from reference.world import Row, World


def trend_columns(
    world: World, now: Fraction, week_ago: Fraction | None, month_ago: Fraction | None
) -> Row:
    """None: there was no score to compare with."""
    week = None if week_ago is None else now - week_ago
    month = None if month_ago is None else now - month_ago
    return {
        "score_trend": _trend(week, month, exact(world.trend_points)),
        "engagement_delta_7d": None if week is None else decimal(week),
        "engagement_delta_30d": None if month is None else decimal(month),
    }


def _trend(week: Fraction | None, month: Fraction | None, enough: Fraction) -> str:
    if week is None:
        return "new"
    for delta in (week, month):
        if delta is not None and delta >= enough:
            return "rising"
        if delta is not None and delta <= -enough:
            return "falling"
    return "steady"
