"""The whole run: chunk after chunk of leads, then the events in the order of their arrival."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from . import activity, blemishes, outcomes, storage, tables, truth
from .people import Accounts, People, make_accounts, make_people
from .world import Settings, World

# Samples by which the volume is set: small ones to come near, a large one to hit.
PILOT_LEADS = (2_000, 2_000, 20_000, 20_000)
BUCKET_RECORDS = 700_000
PILOT, CHUNK = 0, 1

Report = Callable[[str, float], None]
"""Told what is being done, and which share of the run is done."""


@dataclass
class Chunk:
    """Everything that some leads were and did."""

    people: People
    accounts: Accounts
    events: activity.Events
    records: np.ndarray
    rng: np.random.Generator


@dataclass
class Counts:
    """Rows per file."""

    rows: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, count: int) -> None:
        self.rows[name] = self.rows.get(name, 0) + count


def generate(settings: Settings, out: Path, report: Report) -> dict[str, int]:
    """Write the demo into `out` and return the rows of each file."""
    with storage.folder_at_once(out) as folder:
        report("measuring a sample", 0.0)
        world, edges = _calibrate(settings)
        counts = Counts()
        buckets = storage.Buckets(folder / "sorting", edges)
        _simulate_all(world, folder, buckets, counts, report)
        _write_events(world, folder, buckets, counts, report)
        (folder / "sorting").rmdir()
        _write_truth(world, folder, counts)
    return counts.rows


def _calibrate(settings: Settings) -> tuple[World, np.ndarray]:
    """A world in which a sample of leads yields the wanted number of events, and where to cut
    the events so that the parts are of equal size."""
    volume = settings.events_per_lead / 20
    for pilot_leads in PILOT_LEADS:
        leads = max(min(pilot_leads, settings.leads_per_chunk), 100)
        world = World(settings, volume)
        rng = np.random.default_rng([settings.seed, PILOT])
        sample = _simulate(rng, world, leads, 0, 0, 0).records
        volume *= settings.events_per_lead * leads / max(len(sample), 1)
    world = World(settings, volume)
    parts = max(settings.events // BUCKET_RECORDS, 1)
    edges = np.quantile(sample["order"], np.arange(1, parts) / parts, method="nearest")
    return world, np.unique(edges).astype(np.int64)


def _simulate(
    rng: np.random.Generator,
    world: World,
    leads: int,
    first_lead: int,
    first_account: int,
    first_event: int,
) -> Chunk:
    accounts = make_accounts(rng, leads, first_account)
    people = make_people(rng, world, accounts, first_lead, leads)
    events = activity.simulate(rng, world, people, accounts)
    records = blemishes.to_records(rng, world, people, events, first_event)
    return Chunk(people, accounts, events, records, rng)


def _simulate_all(
    world: World, folder: Path, buckets: storage.Buckets, counts: Counts, report: Report
) -> None:
    """Every chunk has a seed of its own, so chunks do not depend on each other."""
    settings = world.settings
    writers = {name: _writer(folder, name) for name in tables.SCHEMAS if name != "raw_events"}
    writers["future_conversions"] = storage.parquet_writer(
        folder / "future_conversions.parquet", tables.SCHEMAS["raw_conversions"]
    )
    lead = account = event = 0
    for number in range(settings.chunks):
        leads = min(settings.leads_per_chunk, settings.leads - lead)
        rng = np.random.default_rng([settings.seed, CHUNK, number])
        chunk = _simulate(rng, world, leads, lead, account, event)
        buckets.add(chunk.records)
        for name, table in _small_tables(world, chunk).items():
            writers[name].write_table(table)
            counts.add(name, len(table))
        lead += leads
        account += len(chunk.accounts)
        event += len(chunk.events)
        report("simulating leads", 0.6 * lead / settings.leads)
    for writer in writers.values():
        writer.close()


def _writer(folder: Path, name: str) -> pq.ParquetWriter:
    return storage.parquet_writer(folder / f"{name}.parquet", tables.SCHEMAS[name])


def _small_tables(world: World, chunk: Chunk) -> dict[str, pa.Table]:
    rng, people, accounts, events = chunk.rng, chunk.people, chunk.accounts, chunk.events
    conversions = outcomes.convert(rng, world, people, accounts, events)
    past, future = tables.conversions_tables(rng, world, people, conversions)
    return {
        "raw_leads": tables.leads_table(rng, world, people, accounts),
        "raw_firmographics": tables.firmographics_table(rng, world, accounts),
        "raw_identities": tables.identities_table(rng, world, people, events),
        "raw_conversions": past,
        "future_conversions": future,
    }


def _write_events(
    world: World, folder: Path, buckets: storage.Buckets, counts: Counts, report: Report
) -> None:
    # Looked-up columns are plain text in the file: the schema that says otherwise is not stored.
    writer = storage.parquet_writer(
        folder / "raw_events.parquet",
        tables.events_table(world, np.zeros(0, blemishes.RECORD)).schema,
        use_dictionary=list(storage.LOOKED_UP),
    )
    with writer:
        for number, records in enumerate(buckets.in_order(), start=1):
            table = tables.events_table(world, records)
            writer.write_table(table, row_group_size=storage.ROW_GROUP)
            counts.add("raw_events", len(records))
            report("writing events in order", 0.6 + 0.4 * number / len(buckets.paths))


def _write_truth(world: World, folder: Path, counts: Counts) -> None:
    settings = world.settings
    document = {
        "demo": {
            "leads": settings.leads,
            "events": settings.events,
            "seed": settings.seed,
            "first_day": world.first_day.isoformat(),
            "until": settings.until.isoformat(),
            "rows": counts.rows,
        },
        **truth.as_document(),
    }
    (folder / "truth.json").write_text(json.dumps(document, indent=2) + "\n")
