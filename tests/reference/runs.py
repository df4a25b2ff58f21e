"""A sequence of runs and the tables that the last of them leaves (section 7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

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


@dataclass(frozen=True)
class Died:
    """A run that ended before its end, and what it had done until then of what later runs see."""

    world: World
    # Took back what it was about to record anew: after that, later runs record it.
    has_reopened: bool = False
    # Forgot leads that are gone, in either.
    has_history: bool = False
    has_transitions: bool = False
    # Said that the dates are recorded, the last step of these.
    has_recorded: bool = False
    has_published: bool = False


class Runs:
    """Runs, each of which starts from what those before left."""

    def __init__(self) -> None:
        self.warehouse = Warehouse()
        self._timeline: Timeline | None = None
        self._tables: Callable[[], RunsResult] = RunsResult

    def _timeline_of(self, world: World) -> Timeline:
        self._timeline = timeline_of(world, self._timeline)
        return self._timeline

    def run(self, step: World | Backfill) -> None:
        """A run that gets to its end."""
        timeline = self._timeline_of(step.world if isinstance(step, Backfill) else step)
        day = _write(self.warehouse, timeline, step)
        lead_scores = _lead_scores(self.warehouse, timeline, day)
        self.warehouse.publication.publish(lead_scores, day)
        self._tables = partial(_tables, self.warehouse, timeline, day, lead_scores)

    def tables(self) -> RunsResult:
        """What the last run has left, for which it did not die."""
        return self._tables()

    def die(self, step: Died) -> None:
        """A run that leaves no tables to look at."""
        warehouse, timeline = self.warehouse, self._timeline_of(step.world)
        history, transitions = warehouse.history, warehouse.transitions
        days = _days_to_write(warehouse, step.world)
        if step.has_history:
            history.forget_leads_but(timeline.records.leads)
        if step.has_transitions:
            transitions.forget_leads_but(timeline.records.leads)
        if step.has_recorded or step.has_published:
            warehouse.write(timeline, dict.fromkeys(days, step.world.as_of))
        if step.has_published:
            day = step.world.as_of
            warehouse.publication.publish(_lead_scores(warehouse, timeline, day), day)
        if days and step.has_reopened and not step.has_recorded:
            history.forget_from(days[0])
            transitions.forget_from(days[0])


def score_runs(steps: Sequence[World | Backfill]) -> RunsResult:
    """The tables after the last of the runs, each of which starts from what those before left."""
    runs = Runs()
    for step in steps:
        runs.run(step)
    return runs.tables()


def _write(warehouse: Warehouse, timeline: Timeline, step: World | Backfill) -> date:
    """Records what the step has to record; returns the date as of which it publishes."""
    warehouse.forget_gone_leads(timeline)
    if isinstance(step, Backfill):
        last = max([step.last, *warehouse.history.run_dates])
        warehouse.write(timeline, {day: day for day in dates_between(step.first, last)})
        return last
    warehouse.write(timeline, dict.fromkeys(_days_to_write(warehouse, step), step.as_of))
    return step.as_of


def _days_to_write(warehouse: Warehouse, world: World) -> list[date]:
    return dates_to_write(warehouse.history, world.as_of, world.history_fill_days)


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
