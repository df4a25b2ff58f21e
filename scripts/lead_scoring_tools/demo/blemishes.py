"""From what happened to what the loader's table holds: names of trackers, delays, repeats, dirt."""

import numpy as np

from . import vocabulary as words
from .activity import KNOWN, Events
from .people import People
from .world import DAY, World

BATCH_SECONDS = 900
ID_BITS = 40
VISITOR_BITS = 36
# Odd, so that distinct numbers stay distinct modulo a power of two, and look random.
ID_MULTIPLIER = 0x9E3779B97F4A7C15
VISITOR_MULTIPLIER = 0x9E3779B1
VARIANTS = 3
TRACKER_CHANGE = 0.4
UNKNOWN_LEAD = 89_000_000

NOBODY, BLANK_LEAD, FIRST_VISITOR = -1, -2, -3
DELETED, NO_EVENT_ID, NO_TIME, NO_PAGE = 1, 2, 4, 8

RECORD = np.dtype(
    [
        ("order", np.int64),
        ("who", np.int64),
        ("occurred", np.int64),
        ("duration", np.float32),
        ("value", np.float32),
        ("name", np.int16),
        ("campaign", np.int16),
        ("channel", np.int8),
        ("device", np.int8),
        ("flags", np.uint8),
    ]
)
"""One row of `raw_events` in numbers. `order` sorts by (`loaded_at`, `event_id`): batches of the
loader since the first day, then the number of the event. `who` is a lead from 0 on, a visitor from
`FIRST_VISITOR` down. `name` is the kind times `VARIANTS`, plus which of its raw names."""

_BYTES = np.dtype((np.void, RECORD.itemsize))


def to_records(
    rng: np.random.Generator, world: World, people: People, events: Events, first_event: int
) -> np.ndarray:
    """The rows that a loader would hold at the end of the last day."""
    records = _clean(rng, world, people, events, first_event)
    _spoil(rng, world, records)
    # Plain bytes: numpy copies records field by field otherwise, which is ten times slower.
    parts = [part.view(_BYTES) for part in (records, *_repeats(rng, records))]
    records = np.concatenate(parts).view(RECORD)
    last_batch = int(world.end) // BATCH_SECONDS
    return records.compress(records["order"] < (last_batch + 1) << ID_BITS)


def visitor_number(
    people: People, world: World, person: np.ndarray, identity: np.ndarray
) -> np.ndarray:
    """The number behind an anonymous id: two for each person of the run, ghosts after leads."""
    ghost = person - people.leads
    ghost_base = world.settings.leads + people.first_number
    whole = np.where(ghost < 0, people.first_number + person, ghost_base + ghost)
    return (2 * whole.astype(np.int64) + identity) * VISITOR_MULTIPLIER % (1 << VISITOR_BITS)


def _clean(
    rng: np.random.Generator, world: World, people: People, events: Events, first_event: int
) -> np.ndarray:
    """One row per event, in the words of the tracker that saw it."""
    now = events.where(events.time < world.end)
    count = len(now)
    draw = rng.random(count, dtype=np.float32)
    delay = np.where(draw < 0.025, rng.random(count) ** 2 * 11 * DAY, draw * 600)
    batch = ((now.time + delay) / BATCH_SECONDS).astype(np.int64) + 1
    numbers = (first_event + np.arange(count, dtype=np.uint64)) * np.uint64(ID_MULTIPLIER)
    event = (numbers % np.uint64(1 << ID_BITS)).astype(np.int64)
    visitor = visitor_number(people, world, now.person, np.maximum(now.identity, 1))
    from_app = draw > 0.98
    variant = np.where(from_app, 2, now.time >= TRACKER_CHANGE * world.end)

    records = np.zeros(count, dtype=RECORD)
    records["order"] = (batch << ID_BITS) | event
    known = now.identity == KNOWN
    records["who"] = np.where(known, people.first_number + now.person, FIRST_VISITOR - visitor)
    records["occurred"] = world.to_microseconds(now.time)
    records["name"] = now.kind * VARIANTS + variant
    for name in ("campaign", "channel", "device", "duration", "value"):
        records[name] = getattr(now, name)
    return records


def _some(rng: np.random.Generator, count: int, share: float) -> np.ndarray:
    """Rows for a blemish: this share of all, at least one."""
    return rng.integers(0, count, max(int(count * share), 1)) if count else np.zeros(0, np.int64)


def _spoil(rng: np.random.Generator, world: World, records: np.ndarray) -> None:
    """Wrong clocks, missing values and ids that lead nowhere."""
    count = len(records)
    ahead = _some(rng, count, 0.0004)
    to_end = world.epoch_us + int(world.end * 1e6) - records["occurred"][ahead]
    skew = rng.integers(1, 400 * 24 * 60, len(ahead)) * 60_000_000
    records["occurred"][ahead] += to_end + skew
    records["who"][_some(rng, count, 0.001)] = UNKNOWN_LEAD
    nobody = _some(rng, count, 0.0006)
    records["who"][nobody] = np.where(nobody % 2 == 0, BLANK_LEAD, NOBODY)
    records["flags"][_some(rng, count, 0.0006)] |= NO_EVENT_ID
    records["flags"][_some(rng, count, 0.0004)] |= NO_TIME
    records["flags"][_some(rng, count, 0.008)] |= NO_PAGE
    records["duration"][_some(rng, count, 0.0003)] = -1


def _repeats(rng: np.random.Generator, records: np.ndarray) -> list[np.ndarray]:
    """Rows that come again: as they were, corrected, as tombstones, and back from the dead."""
    again = records[_some(rng, len(records), 0.010)]
    again["order"] += rng.integers(0, 3, len(again)) << ID_BITS

    corrected = records[_some(rng, len(records), 0.0015)]
    corrected["order"] += rng.integers(1, 200, len(corrected)) << ID_BITS
    corrected["duration"] = np.rint(corrected["duration"] * 1.5)
    corrected["occurred"] -= 3_600_000_000

    deleted = records[_some(rng, len(records), 0.0015)]
    deleted["order"] += rng.integers(4, 300, len(deleted)) << ID_BITS
    deleted["flags"] |= DELETED
    restored = deleted[_some(rng, len(deleted), 0.1)]
    restored["order"] += rng.integers(1, 50, len(restored)) << ID_BITS
    restored["flags"] &= ~np.uint8(DELETED)
    return [again, corrected, deleted, restored]


def event_names() -> list[str]:
    """The raw event type of each `name`: kind times variant."""
    return [words.RAW_NAMES[kind.event_type][v] for kind in words.KINDS for v in range(VARIANTS)]
