"""A sequence of runs and the tables that the last of them leaves (section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from reference.accounts import account_scores
from reference.changes import Publication
from reference.forecast import cooling_dates
from reference.handoff import nurture_queue, sales_queue
from reference.history import (
    History,
    dates_between,
    dates_to_write,
    lead_score_history,
    recorded_dates,
)
from reference.marketing import channel_performance, content_performance
from reference.qualification import (
    Transitions,
    lead_stage_transitions,
    qualification_columns,
    read_stages,
)
from reference.timeline import Timeline, timeline_of
from reference.trend import trend_columns
from reference.world import Row, World


@dataclass(frozen=True)
class Backfill:
    """Rewrites every date from `first` to `last`, or to the latest recorded one if that is later.

    The date of the world does not matter. Tables are published as of the last date written.
    """

    world: World
    first: date
    last: date


@dataclass(frozen=True)
class RunsResult:
    """The tables after the last run, sorted by their keys."""

    lead_scores: list[Row] = field(default_factory=list)
    lead_score_history: list[Row] = field(default_factory=list)
    lead_stage_transitions: list[Row] = field(default_factory=list)
    sales_queue: list[Row] = field(default_factory=list)
    nurture_queue: list[Row] = field(default_factory=list)
    score_changes: list[Row] = field(default_factory=list)
    account_scores: list[Row] = field(default_factory=list)
    channel_performance: list[Row] = field(default_factory=list)
    content_performance: list[Row] = field(default_factory=list)
    recorded_dates: list[Row] = field(default_factory=list)


@dataclass
class Warehouse:
    """What is kept from run to run."""

    history: History = field(default_factory=History)
    transitions: Transitions = field(default_factory=Transitions)
    publication: Publication = field(default_factory=Publication)

    def forget_gone_leads(self, timeline: Timeline) -> None:
        self.history.forget_leads_but(timeline.records.leads)
        self.transitions.forget_leads_but(timeline.records.leads)

    def write(self, timeline: Timeline, run_dates: dict[date, date]) -> None:
        """Records dates, given with their run dates in ascending order, in place of all later."""
        if not run_dates:
            return
        stages, first = read_stages(timeline.world), min(run_dates)
        self.history.forget_from(first)
        self.transitions.forget_from(first)
        for day, run_date in run_dates.items():
            snapshot = timeline.snapshot(day)
            self.history.record(day, run_date, snapshot)
            self.transitions.record(day, snapshot, stages, self.history)


def score_runs(steps: Sequence[World | Backfill]) -> RunsResult:
    """The tables after the last of the runs, each of which starts from what those before left."""
    warehouse, timeline, day, lead_scores = Warehouse(), None, None, []
    for step in steps:
        timeline = timeline_of(step.world if isinstance(step, Backfill) else step, timeline)
        day = _write(warehouse, timeline, step)
        lead_scores = _lead_scores(warehouse, timeline, day)
        warehouse.publication.publish(lead_scores, day)
    if timeline is None or day is None:
        return RunsResult()
    return _tables(warehouse, timeline, day, lead_scores)


def _write(warehouse: Warehouse, timeline: Timeline, step: World | Backfill) -> date:
    """Records what the step has to record; returns the date as of which it publishes."""
    warehouse.forget_gone_leads(timeline)
    if isinstance(step, Backfill):
        last = max([step.last, *warehouse.history.run_dates])
        warehouse.write(timeline, {day: day for day in dates_between(step.first, last)})
        return last
    days = dates_to_write(warehouse.history, step.as_of, step.history_fill_days)
    warehouse.write(timeline, dict.fromkeys(days, step.as_of))
    return step.as_of


def _tables(
    warehouse: Warehouse, timeline: Timeline, day: date, lead_scores: list[Row]
) -> RunsResult:
    history, transitions = warehouse.history, warehouse.transitions
    stages = read_stages(timeline.world)
    return RunsResult(
        lead_scores=lead_scores,
        lead_score_history=lead_score_history(history),
        lead_stage_transitions=lead_stage_transitions(transitions),
        sales_queue=sales_queue(timeline, day, lead_scores, stages, transitions, history),
        nurture_queue=nurture_queue(timeline, day, lead_scores, stages, transitions),
        score_changes=warehouse.publication.changes,
        account_scores=account_scores(timeline, day),
        channel_performance=channel_performance(timeline, day, lead_scores, transitions),
        content_performance=content_performance(timeline, day, lead_scores, transitions),
        recorded_dates=recorded_dates(history),
    )


def _lead_scores(warehouse: Warehouse, timeline: Timeline, day: date) -> list[Row]:
    world, stages = timeline.world, read_stages(timeline.world)
    now = timeline.snapshot(day).scored
    week_ago = timeline.snapshot_before(day, 7).scored
    month_ago = timeline.snapshot_before(day, 30).scored
    scores = timeline.result(day).lead_scores
    suppressed = {row["lead_id"] for row in scores if row["is_suppressed"]}
    held = {
        key: [] if key[0] in suppressed else warehouse.transitions.held(*key, stages, day)
        for key in now
    }
    qualified = {key: stages_held[-1][0] for key, stages_held in held.items() if stages_held}
    cools_on = cooling_dates(timeline, day, world.forecast_days, qualified)
    rows = []
    for row in scores:
        key = (row["lead_id"], row["scorecard"])
        engagement = [
            scored[key].scores["engagement"] if key in scored else None
            for scored in (now, week_ago, month_ago)
        ]
        rows.append(
            row
            | qualification_columns(held[key])
            | trend_columns(world, *engagement)
            | {"cools_on": cools_on.get(key)}
        )
    return rows
