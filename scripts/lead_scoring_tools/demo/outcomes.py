"""Opportunities and deals, drawn from the true hazard day by day."""

from dataclasses import dataclass

import numpy as np

from . import truth
from . import vocabulary as words
from .activity import FIRST_DEVICE, SECOND_DEVICE, Events
from .people import Accounts, People
from .world import DAY, World

_EFFECTIVE = [each for each in truth.BEHAVIOURS if each.effect]
_EFFECTIVE_KINDS = np.stack(
    [words.kinds_where(each.event_types, each.path_starts) for each in _EFFECTIVE]
)


@dataclass
class Conversions:
    """What came of leads."""

    person: np.ndarray
    conversion_type: np.ndarray
    time: np.ndarray
    amount: np.ndarray


def convert(
    rng: np.random.Generator, world: World, people: People, accounts: Accounts, events: Events
) -> Conversions:
    """Opportunities and what becomes of them, up to the horizon."""
    opened_on = _opportunity_days(rng, world, people, events)
    person = np.flatnonzero(opened_on >= 0)
    opened = (opened_on[person] + 1) * DAY + rng.uniform(8, 17, len(person)) * 3600
    employees = np.where(people.account >= 0, accounts.employees[people.account], 20)[person]
    spread = np.exp(rng.normal(0, 0.5, len(person)))
    amount = np.round(3000 * np.maximum(employees, 5) ** 0.35 * spread, -2)

    effect = people.attribute_effect[person]
    chance = _sigmoid(truth.WIN_INTERCEPT + truth.WIN_PER_ATTRIBUTE_EFFECT * effect)
    won = rng.random(len(person)) < chance
    wait = np.exp(rng.normal(np.log(truth.DAYS_TO_CLOSE_MEDIAN), 0.5, len(person)))
    closed = opened + np.floor(np.clip(wait, 4, 150)) * DAY + rng.uniform(-1, 1, len(person)) * 3600
    # A few sales processes only end when somebody tidies up, which is after the horizon.
    closes = won | (rng.random(len(person)) < 0.7)
    final = np.where(won, np.round(amount * rng.uniform(0.75, 1.05, len(person)), -2), np.nan)
    outcome = np.where(won, "closed_won", "closed_lost")

    conversions = Conversions(
        np.concatenate([person, person[closes]]),
        np.concatenate([np.full(len(person), "opportunity_created"), outcome[closes]]),
        np.concatenate([opened, closed[closes]]),
        np.concatenate([amount, final[closes]]),
    )
    keep = conversions.time < world.horizon
    return Conversions(*(column[keep] for column in vars(conversions).values()))


def _opportunity_days(
    rng: np.random.Generator, world: World, people: People, events: Events
) -> np.ndarray:
    """The day whose end finds each lead convinced; -1 for those who never are."""
    behaviour, person, day = _behaviours(people, events)
    leads, days = people.leads, int(world.horizon / DAY)
    base = truth.INTERCEPT + people.attribute_effect[:leads]
    # A lead is at risk from the day of its creation on.
    born = np.maximum(np.floor(people.created[:leads] / DAY), 0)
    never = [words.ROLES.index(role) for role in truth.NEVER_CONVERT]
    at_risk = ~np.isin(people.role[:leads], never) & (born < days)

    # Who never does anything that counts has the same chance every day.
    opened_on = born + rng.geometric(_sigmoid(base)) - 1
    opened_on[~at_risk | (opened_on >= days)] = -1
    active = np.unique(person)
    place = np.searchsorted(active, person)
    opened_on[active] = _follow(
        rng, days, base[active], np.where(at_risk, born, days)[active], behaviour, place, day
    )
    return opened_on


def _follow(
    rng: np.random.Generator,
    days: int,
    base: np.ndarray,
    at_risk_from: np.ndarray,
    behaviour: np.ndarray,
    lead: np.ndarray,
    day: np.ndarray,
) -> np.ndarray:
    """Day by day, what active leads did wears off and adds up, and some become opportunities."""
    count = len(base)
    order = np.argsort(day, kind="stable")
    cell = (behaviour * count + lead)[order]
    first_row = np.searchsorted(day[order], np.arange(days + 1))
    fade = np.array([0.5 ** (1 / each.half_life_days) for each in _EFFECTIVE], np.float32)[:, None]
    most = np.array([each.most for each in _EFFECTIVE], np.float32)[:, None]
    effect = np.array([each.effect for each in _EFFECTIVE], np.float32)
    base = base.astype(np.float32)
    strength = np.zeros((len(_EFFECTIVE), count), np.float32)
    cells = strength.ravel()
    opened_on = np.full(count, -1)
    is_open = np.zeros(count, dtype=bool)
    for today in range(days):
        strength *= fade
        np.add.at(cells, cell[first_row[today] : first_row[today + 1]], np.float32(1))
        chance = _sigmoid(base + effect @ np.minimum(strength, most))
        opens = (rng.random(count, dtype=np.float32) < chance) & (at_risk_from <= today) & ~is_open
        opened_on[opens] = today
        is_open |= opens
    return opened_on


def _behaviours(people: People, events: Events) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The events that count: which behaviour, of whom, on which day."""
    counts = _EFFECTIVE_KINDS.any(axis=0)[events.kind] & (events.person < people.leads)
    events = events.where(counts)
    events = events.where(is_linked(people, events))
    behaviour = _EFFECTIVE_KINDS.argmax(axis=0)[events.kind]
    return behaviour, events.person.astype(np.int64), (events.time / DAY).astype(np.int64)


def is_linked(people: People, events: Events) -> np.ndarray:
    """Whether the raw tables lead from each event to its person."""
    first, second = people.links[:, events.person]
    linked = np.where(events.identity == FIRST_DEVICE, first, True)
    return np.where(events.identity == SECOND_DEVICE, second, linked)


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-value))
