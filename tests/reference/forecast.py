"""When a qualified lead would cool if nothing more happened (section 7)."""

from datetime import date, timedelta

from reference.qualification import Stage
from reference.timeline import LeadCard, Snapshot, Timeline


def cooling_dates(
    timeline: Timeline, day: date, forecast_days: int, qualified: dict[LeadCard, Stage]
) -> dict[LeadCard, date]:
    """The first date on which a lead falls below an exit of its stage, where there is one."""
    cools_on: dict[LeadCard, date] = {}
    for ahead in range(forecast_days + 1):
        warm = {key: stage for key, stage in qualified.items() if key not in cools_on}
        if not warm:
            break
        then = day + timedelta(days=ahead)
        snapshot = timeline.forecast(then, day, warm)
        cools_on |= {key: then for key, stage in warm.items() if _is_cold(key, stage, snapshot)}
    return cools_on


def _is_cold(key: LeadCard, stage: Stage, snapshot: Snapshot) -> bool:
    scored = snapshot.scored.get(key)
    return scored is None or any(
        scored.scores[threshold.score] < threshold.exit_below for threshold in stage.thresholds
    )
