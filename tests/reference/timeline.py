"""The scores of one world on any date: each date is a run of its own from the same inputs."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reference.conditions import all_hold
from reference.inputs import Inputs, inputs_as_of, read_records
from reference.rules import Rulebook, Scorecard, depends_on_date, read_rulebook
from reference.scoring import Profile, Scored, read_profiles, score_profile, score_records
from reference.world import Result, World

LeadCard = tuple[str, str]


@dataclass(frozen=True)
class Snapshot:
    """Who scored what on a date. A lead that did not exist yet has no profile."""

    profiles: dict[str, Profile]
    # by lead and scorecard; only those that the lead is on
    scored: dict[LeadCard, Scored]

    def suppression_of(self, lead_id: str) -> str | None:
        """The reason, empty where none is given; None for a lead that is not suppressed."""
        profile = self.profiles.get(lead_id)
        if profile is None or profile.suppression is None:
            return None
        return profile.suppression.reason or ""


class Timeline:
    """Reads a world once and scores it as of any date."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.records = read_records(world)
        self._is_same_every_day = not depends_on_date(world)
        self._rulebooks: dict[date, Rulebook] = {}
        self._inputs: dict[date, Inputs] = {}
        self._snapshots: dict[date, Snapshot] = {}
        self._results: dict[date, Result] = {}

    def world_on(self, day: date) -> World:
        return replace(self.world, as_of=day)

    def rulebook(self, day: date) -> Rulebook:
        day = date.min if self._is_same_every_day else day
        if day not in self._rulebooks:
            self._rulebooks[day] = read_rulebook(self.world_on(day))
        return self._rulebooks[day]

    def scorecards(self, day: date) -> dict[str, Scorecard]:
        return {card.scorecard: card for card in self.rulebook(day).scorecards}

    def inputs(self, day: date) -> Inputs:
        if day not in self._inputs:
            self._inputs[day] = inputs_as_of(self.records, self.world_on(day))
        return self._inputs[day]

    def result(self, day: date) -> Result:
        if day not in self._results:
            self._results[day] = score_records(self.records, self.world_on(day), self.rulebook(day))
        return self._results[day]

    def snapshot(self, day: date) -> Snapshot:
        if day not in self._snapshots:
            self._snapshots[day] = self._snapshot(day, self.inputs(day))
        return self._snapshots[day]

    def snapshot_before(self, day: date, days: int) -> Snapshot:
        return self.snapshot(day - timedelta(days=days))

    def forecast(self, day: date, known_until: date, wanted: Collection[LeadCard]) -> Snapshot:
        """The date as it will be if nothing happens after `known_until`."""
        lead_ids = {lead_id for lead_id, _ in wanted}
        inputs = inputs_as_of(self.records, self.world_on(day), known_until, lead_ids)
        return self._snapshot(day, inputs, wanted)

    def _snapshot(
        self, day: date, inputs: Inputs, wanted: Collection[LeadCard] | None = None
    ) -> Snapshot:
        rulebook = self.rulebook(day)
        profiles = read_profiles(self.world, inputs, rulebook.suppressions)
        scored = {
            (lead_id, card.scorecard): score_profile(card, profile, day)
            for lead_id, profile in profiles.items()
            for card in rulebook.scorecards
            if wanted is None or (lead_id, card.scorecard) in wanted
            if all_hold(card.audience, profile.values)
        }
        return Snapshot(profiles, scored)


def timeline_of(world: World, latest: Timeline | None) -> Timeline:
    """The latest timeline where only the date has moved, else a new one."""
    if latest is not None and replace(latest.world, as_of=world.as_of) == world:
        return latest
    return Timeline(world)
