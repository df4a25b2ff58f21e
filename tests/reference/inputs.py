"""From raw rows to leads, events and conversions (section 2)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from reference.conditions import Condition, all_hold, read_condition
from reference.values import READERS, boolean, day, identifier, number, text, timestamp, trimmed
from reference.world import Row, World

LEAD_COLUMNS = {
    "lead_id": "id",
    "email": "text",
    "account_id": "id",
    "job_title": "text",
    "department": "text",
    "seniority": "text",
    "country": "text",
    "language": "text",
    "lead_source": "text",
    "campaign": "text",
    "created_at": "date",
    "updated_at": "date",
}
ACCOUNT_COLUMNS = {
    "account_id": "id",
    "company_name": "text",
    "domain": "text",
    "industry": "text",
    "employee_count": "number",
    "annual_revenue": "number",
    "growth_rate": "number",
    "location_count": "number",
    "technologies": "list",
    "country": "text",
    "updated_at": "date",
}
EVENT_COLUMNS = {
    "event_id": "id",
    "lead_id": "id",
    "anonymous_id": "id",
    "event_type": "text",
    "occurred_at": "date",
    "loaded_at": "date",
    "page_path": "text",
    "channel": "text",
    "campaign": "text",
    "content_topic": "text",
    "device": "text",
    "duration_seconds": "number",
    "value": "number",
}
CONVERSION_COLUMNS = {
    "lead_id": "id",
    "conversion_type": "text",
    "converted_at": "date",
    "amount": "number",
}

# How columns compare when rows tie: text keeps its case, and dates their time of day.
TIE_READERS: dict[str, Callable[[Any], Any]] = {
    "id": identifier,
    "text": trimmed,
    "number": number,
    "boolean": boolean,
    "date": timestamp,
    "list": trimmed,
}

BUCKETS = (
    "duplicate",
    "deleted",
    "unknown_occurred_at",
    "no_lead",
    "unknown_lead",
    "lead_not_created",
    "future",
    "counted",
)


@dataclass(frozen=True)
class Lead:
    lead_id: str
    created_on: date | None
    values: Row


@dataclass(frozen=True, slots=True)
class Event:
    """An event after the catalogue. `values` are the declared fields, by their declared types."""

    event_id: str | None
    event_type: str | None
    is_catalogued: bool
    is_engagement: bool
    occurred_at: datetime
    age_days: int
    page_path: str | None
    channel: str | None
    campaign: str | None
    content_topic: str | None
    device: str | None
    duration_seconds: float | None
    values: Row


@dataclass(frozen=True)
class Conversion:
    conversion_type: str | None
    amount: float | None


@dataclass(frozen=True)
class CatalogueEntry:
    event_type: str | None
    channel: str | None
    is_engagement: bool


@dataclass
class Inputs:
    leads: dict[str, Lead]
    events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    conversions: dict[str, list[Conversion]] = field(default_factory=lambda: defaultdict(list))
    buckets: Counter[str] = field(default_factory=Counter)


def read_inputs(world: World) -> Inputs:
    """Everything that counts as of the date, by lead, and where each raw event went."""
    known_leads = _read_leads(world)
    alive = {k: v for k, v in known_leads.items() if not _is_later(v.created_on, world.as_of)}
    inputs = Inputs(leads=alive)
    _add_events(world, known_leads, inputs)
    _add_conversions(world, inputs)
    return inputs


# One row per id


def deciding_rows(
    rows: Iterable[Row], id_column: str, moment_column: str | None, columns: Mapping[str, str]
) -> list[Row]:
    """The row that decides for each id, tombstones included; a row without id is on its own."""
    by_id: dict[str, list[Row]] = defaultdict(list)
    without_id = []
    for row in rows:
        key = identifier(row.get(id_column))
        if key is None:
            without_id.append(row)
        else:
            by_id[key].append(row)
    return without_id + [
        same_id[0]
        if len(same_id) == 1
        else max(same_id, key=lambda row: _precedence(row, moment_column, columns))
        for same_id in by_id.values()
    ]


def is_tombstone(row: Row) -> bool:
    return boolean(row.get("is_deleted")) is True


def _precedence(row: Row, moment_column: str | None, columns: Mapping[str, str]) -> tuple:
    moment = timestamp(row.get(moment_column)) if moment_column else None
    ties = [_nulls_lowest(TIE_READERS[kind](row.get(name))) for name, kind in columns.items()]
    return (_nulls_lowest(moment), is_tombstone(row), *ties)


def _nulls_lowest(value: Any) -> tuple:
    # Strings compare by code point, which is the order of their UTF-8 bytes.
    return () if value is None else (value,)


def _compared_columns(contract: Mapping[str, str], declared: Mapping[str, str]) -> dict[str, str]:
    """The contract's columns in their order, then further declared ones by name."""
    typed = {
        name: kind if kind == "id" else declared.get(name, kind) for name, kind in contract.items()
    }
    return typed | {name: declared[name] for name in sorted(declared) if name not in contract}


# Leads and accounts


def profile_columns(world: World) -> dict[str, tuple[str, str, str]]:
    """Field name to (table, column, type), for the fields of lead and account."""
    columns = {name: ("lead", name, kind) for name, kind in world.lead_fields.items()}
    for name, kind in world.account_fields.items():
        field_name = f"account_{name}" if name in world.lead_fields else name
        columns[field_name] = ("account", name, kind)
    return columns


def profile_types(world: World) -> dict[str, str]:
    return {name: kind for name, (_, _, kind) in profile_columns(world).items()}


def _read_leads(world: World) -> dict[str, Lead]:
    """Leads that are not deleted, also those created after the date."""
    accounts = {
        identifier(row["account_id"]): row
        for row in _records(world, "raw_firmographics", "account_id", ACCOUNT_COLUMNS)
    }
    leads = {}
    for row in _records(world, "raw_leads", "lead_id", LEAD_COLUMNS):
        account = accounts.get(identifier(row.get("account_id")), {})
        sources = {"lead": row, "account": account}
        values = {
            name: READERS[kind](sources[table].get(column))
            for name, (table, column, kind) in profile_columns(world).items()
        }
        lead_id = identifier(row["lead_id"])
        leads[lead_id] = Lead(lead_id, day(row.get("created_at")), values)
    return leads


def _records(world: World, table: str, id_column: str, contract: Mapping[str, str]) -> list[Row]:
    declared = world.lead_fields if table == "raw_leads" else world.account_fields
    columns = _compared_columns(contract, declared)
    return [
        row
        for row in deciding_rows(world.raw.get(table, []), id_column, "updated_at", columns)
        if identifier(row.get(id_column)) is not None and not is_tombstone(row)
    ]


def _is_later(moment: date | None, as_of: date) -> bool:
    return moment is not None and moment > as_of


# Events


def event_types(world: World) -> dict[str, str]:
    """The fields that event conditions may use; `event_type` serves exclusions."""
    return world.event_fields | {"event_type": "text"}


def _add_events(world: World, leads: dict[str, Lead], inputs: Inputs) -> None:
    raw = world.raw.get("raw_events", [])
    columns = _compared_columns(EVENT_COLUMNS, world.event_fields)
    deciding = deciding_rows(raw, "event_id", "loaded_at", columns)
    links, catalogue, exclusions = _links(world), _catalogue(world), _exclusions(world)
    inputs.buckets.update(dict.fromkeys(BUCKETS, 0))
    inputs.buckets.update({f"excluded:{exclusion_id}": 0 for exclusion_id in exclusions})
    inputs.buckets["duplicate"] = len(raw) - len(deciding)
    for row in deciding:
        if is_tombstone(row):
            inputs.buckets["deleted"] += 1
            continue
        if timestamp(row.get("occurred_at")) is None:
            inputs.buckets["unknown_occurred_at"] += 1
            continue
        event = _read_event(row, catalogue, world)
        lead_id = identifier(row.get("lead_id")) or links.get(identifier(row.get("anonymous_id")))
        bucket = _bucket(event, lead_id, leads, exclusions, world.as_of)
        inputs.buckets[bucket] += 1
        if bucket == "counted":
            inputs.events[lead_id].append(event)


def _bucket(
    event: Event,
    lead_id: str | None,
    leads: dict[str, Lead],
    exclusions: dict[str, list[Condition]],
    as_of: date,
) -> str:
    values = event.values | {"event_type": event.event_type}
    for exclusion_id in sorted(exclusions):
        if all_hold(exclusions[exclusion_id], values):
            return f"excluded:{exclusion_id}"
    if lead_id is None:
        return "no_lead"
    if lead_id not in leads:
        return "unknown_lead"
    if _is_later(leads[lead_id].created_on, as_of):
        return "lead_not_created"
    return "future" if event.age_days < 0 else "counted"


def _read_event(row: Row, catalogue: dict[str, CatalogueEntry], world: World) -> Event:
    raw_type = text(row.get("event_type"))
    entry = catalogue.get(raw_type)
    if entry is not None and text(row.get("channel")) is None:
        row = row | {"channel": entry.channel}
    occurred_at = timestamp(row["occurred_at"])
    return Event(
        event_id=identifier(row.get("event_id")),
        event_type=entry.event_type if entry else raw_type,
        is_catalogued=entry is not None,
        is_engagement=entry is not None and entry.is_engagement,
        occurred_at=occurred_at,
        age_days=(world.as_of - occurred_at.date()).days,
        page_path=text(row.get("page_path")),
        channel=text(row.get("channel")),
        campaign=text(row.get("campaign")),
        content_topic=text(row.get("content_topic")),
        device=text(row.get("device")),
        duration_seconds=number(row.get("duration_seconds")),
        values={name: READERS[kind](row.get(name)) for name, kind in world.event_fields.items()},
    )


def _catalogue(world: World) -> dict[str, CatalogueEntry]:
    return {
        text(row["raw_event_type"]): CatalogueEntry(
            event_type=text(row.get("event_type")),
            channel=text(row.get("channel")),
            is_engagement=boolean(row.get("is_engagement")) is True,
        )
        for row in world.seeds.get("event_catalog", [])
        if text(row.get("raw_event_type")) is not None
    }


def _exclusions(world: World) -> dict[str, list[Condition]]:
    exclusions = defaultdict(list)
    for row in world.seeds.get("event_exclusions", []):
        condition = read_condition(row, event_types(world), world.as_of)
        exclusions[trimmed(row["exclusion_id"])].append(condition)
    return exclusions


def _links(world: World) -> dict[str, str]:
    """Anonymous id to lead: the latest link, unless that one is a tombstone."""
    by_id: dict[str, list[Row]] = defaultdict(list)
    for row in world.raw.get("raw_identities", []):
        anonymous_id, lead_id = identifier(row.get("anonymous_id")), identifier(row.get("lead_id"))
        if anonymous_id is not None and (lead_id is not None or is_tombstone(row)):
            by_id[anonymous_id].append(row)
    links = {}
    for anonymous_id, rows in by_id.items():
        latest = max(_precedence(row, "linked_at", {}) for row in rows)
        deciding = [row for row in rows if _precedence(row, "linked_at", {}) == latest]
        if not is_tombstone(deciding[0]):
            links[anonymous_id] = min(identifier(row["lead_id"]) for row in deciding)
    return links


# Conversions


def _add_conversions(world: World, inputs: Inputs) -> None:
    """Conversions up to the date; one at an unknown time is not known to be among them."""
    raw = world.raw.get("raw_conversions", [])
    for row in deciding_rows(raw, "conversion_id", None, CONVERSION_COLUMNS):
        converted_on, lead_id = day(row.get("converted_at")), identifier(row.get("lead_id"))
        if is_tombstone(row) or converted_on is None or converted_on > world.as_of:
            continue
        if lead_id in inputs.leads:
            inputs.conversions[lead_id].append(
                Conversion(text(row.get("conversion_type")), number(row.get("amount")))
            )
