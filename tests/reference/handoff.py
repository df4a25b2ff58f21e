"""What sales and marketing take up next (section 7)."""

from datetime import date
from typing import Any

from reference.history import History
from reference.inputs import Event
from reference.qualification import Stage, Stages, Transitions
from reference.timeline import Timeline
from reference.values import identifier, text, trimmed
from reference.world import Row, World

JOURNEY = ("awareness", "consideration", "decision")
JOURNEY_DAYS = 90


def sales_queue(
    timeline: Timeline,
    day: date,
    lead_scores: list[Row],
    stages: Stages,
    transitions: Transitions,
    history: History,
) -> list[Row]:
    """Leads that entered a sales stage after the run before, and still hold it."""
    since, rows = history.previous_run(day), []
    for score in lead_scores:
        if score["is_suppressed"] or score["is_customer"]:
            continue
        lead_id, scorecard = score["lead_id"], score["scorecard"]
        sales_stages = _sales_stages(timeline.world, stages, scorecard)
        new = [
            (stage, entry)
            for stage, entry in transitions.held(lead_id, scorecard, stages, day)
            if text(stage.name) in sales_stages
            and (since is None or entry["transition_date"] > since)
        ]
        if new:
            rows.append(_sales_row(timeline, score, *new[-1]))
    return _ranked(rows)


def _sales_stages(world: World, stages: Stages, scorecard: str) -> set[str | None]:
    if world.sales_stages is not None:
        return set(map(text, world.sales_stages))
    return set(list(stages.get(scorecard, {}))[-1:])


def _sales_row(timeline: Timeline, score: Row, stage: Stage, entry: Row) -> Row:
    lead = timeline.records.leads[score["lead_id"]]
    account = timeline.records.accounts.get(lead.account_id, {})
    kept = (
        "fit_score",
        "engagement_score",
        "lead_score",
        "score_label",
        "score_trend",
        "next_action",
        "top_reason_1",
        "top_reason_2",
        "top_reason_3",
    )
    return {
        "lead_id": score["lead_id"],
        "scorecard": score["scorecard"],
        "stage": stage.name,
        "entered_on": entry["transition_date"],
        "is_reentry": entry["entry_number"] > 1,
        "entry_number": entry["entry_number"],
        **{column: score[column] for column in kept},
        "email": trimmed(lead.row.get("email")),
        "job_title": trimmed(lead.row.get("job_title")),
        "account_id": identifier(lead.row.get("account_id")),
        "company_name": trimmed(account.get("company_name")),
        "country": trimmed(lead.row.get("country")),
    }


def _ranked(rows: list[Row]) -> list[Row]:
    """With ranks, best first within each scorecard."""

    def place(row: Row) -> tuple[Any, ...]:
        return (row["scorecard"], -row["lead_score"], -row["engagement_score"], row["lead_id"])

    counts: dict[str, int] = {}
    ranked = []
    for row in sorted(rows, key=place):
        counts[row["scorecard"]] = counts.get(row["scorecard"], 0) + 1
        ranked.append(row | {"queue_rank": counts[row["scorecard"]]})
    return sorted(ranked, key=lambda row: (row["lead_id"], row["scorecard"]))


def nurture_queue(
    timeline: Timeline,
    day: date,
    lead_scores: list[Row],
    stages: Stages,
    transitions: Transitions,
) -> list[Row]:
    """Leads that left every stage not long ago, or will soon cool."""
    steps, rows = _journey_steps(timeline.world), []
    for score in lead_scores:
        if score["is_suppressed"] or score["is_customer"]:
            continue
        reason = _nurture_reason(timeline.world, day, score, stages, transitions)
        if reason is None:
            continue
        profile = timeline.snapshot(day).profiles[score["lead_id"]]
        rows.append(
            {
                "lead_id": score["lead_id"],
                "scorecard": score["scorecard"],
                **reason,
                "cools_on": score["cools_on"],
                "topic_interest": profile.traits["top_content_topic"],
                "journey_step": journey_step(profile.events, steps),
                "fit_score": score["fit_score"],
                "engagement_score": score["engagement_score"],
                "lead_score": score["lead_score"],
                "score_trend": score["score_trend"],
            }
        )
    return rows


def _nurture_reason(
    world: World, day: date, score: Row, stages: Stages, transitions: Transitions
) -> Row | None:
    if score["qualified_stage"] is not None:
        cools_on = score["cools_on"]
        if cools_on is None or (cools_on - day).days > world.cooling_days:
            return None
        return {
            "nurture_reason": "cooling",
            "stage": score["qualified_stage"],
            "since": score["qualified_since"],
        }
    latest = _latest_exit(score["lead_id"], score["scorecard"], day, stages, transitions)
    if latest is None or (day - latest["transition_date"]).days >= world.recycled_days:
        return None
    return {
        "nurture_reason": "recycled",
        "stage": latest["stage"],
        "since": latest["transition_date"],
    }


def _latest_exit(
    lead_id: str, scorecard: str, day: date, stages: Stages, transitions: Transitions
) -> Row | None:
    """On the same date the last stage of the seed; those no longer in it come after, by name."""
    rows = transitions.of_lead(lead_id, scorecard, day)
    exits = [row for row in rows if row["transition"] == "exit"]
    known = stages.get(scorecard, {})

    def place(row: Row) -> int:
        stage = known.get(text(row["stage"]))
        return -1 if stage is None else stage.place

    by_name = sorted(exits, key=lambda row: row["stage"])
    return max(by_name, key=lambda row: (row["transition_date"], place(row)), default=None)


# The journey

Steps = dict[tuple[str | None, str | None], str]  # by field and value


def _journey_steps(world: World) -> Steps:
    return {
        (text(row["field"]), text(row["value"])): text(row["step"])
        for row in world.seeds.get("journey_steps", [])
    }


def journey_step(events: list[Event], steps: Steps) -> str:
    """The furthest step that the lead's recent events map to."""
    reached = {
        steps.get((field, getattr(event, field)), JOURNEY[0])
        for event in events
        if event.is_catalogued and event.age_days < JOURNEY_DAYS
        for field in ("content_topic", "event_type")
    }
    return max(reached, key=JOURNEY.index, default=JOURNEY[0])
