"""From raw rows to leads, events and conversions (section 2)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
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
    account_id: str | None
    created_on: date | None
    values: Row
    row: Row


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
    converted_on: date


@dataclass(frozen=True)
class CatalogueEntry:
    event_type: str | None
    channel: str | None
    is_engagement: bool


@dataclass(frozen=True)
class OwnedEvent:
    """An event with an id of its owner that may not exist. Its age is that of no date yet."""

    event: Event
    lead_id: str | None


@dataclass(frozen=True)
class Records:
    """What the raw tables hold, whatever the date."""

    leads: dict[str, Lead]
    accounts: dict[str, Row]
    events: list[OwnedEvent]
    conversions: dict[str, list[Conversion]]
    # raw events that no date can make count
    buckets: Counter[str]


@dataclass
class Inputs:
    """What counts as of a date."""

    leads: dict[str, Lead]
    events: dict[str, list[Event]]
    conversions: dict[str, list[Conversion]]
    buckets: Counter[str]


def read_records(world: World) -> Records:
    accounts = {
        identifier(row["account_id"]): row
        for row in _records(world, "raw_firmographics", "account_id", ACCOUNT_COLUMNS)
    }
    events, buckets = _read_events(world)
    return Records(
        leads=_read_leads(world, accounts),
        accounts=accounts,
        events=events,
        conversions=_read_conversions(world),
        buckets=buckets,
    )


def inputs_as_of(
    records: Records,
    world: World,
    known_until: date | None = None,
    lead_ids: Collection[str] | None = None,
) -> Inputs:
    """Everything that counts as of the world's date, by lead, and where each raw event went.

    A forecast knows events and conversions up to `known_until` only. `lead_ids` leaves the other
    leads out.
    """
    last_day = world.as_of if known_until is None else min(known_until, world.as_of)
    wanted = records.leads if lead_ids is None else {i: records.leads[i] for i in lead_ids}
    leads = {
        lead_id: lead
        for lead_id, lead in wanted.items()
        if not _is_later(lead.created_on, world.as_of)
    }
    events, buckets = _events_by_lead(records, world, last_day, lead_ids)
    conversions = {
        lead_id: [c for c in records.conversions.get(lead_id, []) if c.converted_on <= last_day]
        for lead_id in leads
    }
    return Inputs(leads, events, conversions, buckets)


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


def _read_leads(world: World, accounts: dict[str, Row]) -> dict[str, Lead]:
    """Leads that are neither deleted nor erased, also those created after the date."""
    leads, erased, columns = {}, _erased_ids(world), profile_columns(world)
    for row in _records(world, "raw_leads", "lead_id", LEAD_COLUMNS):
        lead_id, account_id = identifier(row["lead_id"]), identifier(row.get("account_id"))
        if lead_id in erased:
            continue
        sources = {"lead": row, "account": accounts.get(account_id, {})}
        values = {
            name: READERS[kind](sources[table].get(column))
            for name, (table, column, kind) in columns.items()
        }
        leads[lead_id] = Lead(lead_id, account_id, day(row.get("created_at")), values, row)
    return leads


def _erased_ids(world: World) -> set[str | None]:
    seeded = {trimmed(row["lead_id"]) for row in world.seeds.get("erasures", [])}
    return seeded | {identifier(row["lead_id"]) for row in world.raw.get("raw_erasures", [])}


def account_values(world: World, account: Row) -> Row:
    """The account's fields by the names that rules use; all unknown for an empty row."""
    return {
        name: READERS[kind](account.get(column))
        for name, (table, column, kind) in profile_columns(world).items()
        if table == "account"
    }


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


def _read_events(world: World) -> tuple[list[OwnedEvent], Counter[str]]:
    raw = world.raw.get("raw_events", [])
    columns = _compared_columns(EVENT_COLUMNS, world.event_fields)
    deciding = deciding_rows(raw, "event_id", "loaded_at", columns)
    links, catalogue = _links(world), _catalogue(world)
    events, buckets = [], Counter(dict.fromkeys(BUCKETS, 0))
    buckets["duplicate"] = len(raw) - len(deciding)
    for row in deciding:
        if is_tombstone(row):
            buckets["deleted"] += 1
        elif timestamp(row.get("occurred_at")) is None:
            buckets["unknown_occurred_at"] += 1
        else:
            anonymous_id = identifier(row.get("anonymous_id"))
            lead_id = identifier(row.get("lead_id")) or links.get(anonymous_id)
            events.append(OwnedEvent(_read_event(row, catalogue, world), lead_id))
    return events, buckets


def _events_by_lead(
    records: Records, world: World, last_day: date, lead_ids: Collection[str] | None
) -> tuple[dict[str, list[Event]], Counter[str]]:
    exclusions, buckets, events = _exclusions(world), records.buckets.copy(), defaultdict(list)
    buckets.update({f"excluded:{exclusion_id}": 0 for exclusion_id in exclusions})
    for owned in records.events:
        if lead_ids is not None and owned.lead_id not in lead_ids:
            continue
        bucket = _bucket(owned, records.leads, exclusions, world.as_of, last_day)
        buckets[bucket] += 1
        if bucket == "counted":
            age_days = (world.as_of - owned.event.occurred_at.date()).days
            events[owned.lead_id].append(replace(owned.event, age_days=age_days))
    return events, buckets


def _bucket(
    owned: OwnedEvent,
    leads: dict[str, Lead],
    exclusions: dict[str, list[Condition]],
    as_of: date,
    last_day: date,
) -> str:
    event, lead_id = owned.event, owned.lead_id
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
    return "future" if event.occurred_at.date() > last_day else "counted"


def _read_event(row: Row, catalogue: dict[str, CatalogueEntry], world: World) -> Event:
    raw_type = text(row.get("event_type"))
    entry = catalogue.get(raw_type)
    if entry is not None and text(row.get("channel")) is None:
        row = row | {"channel": entry.channel}
    return Event(
        event_id=identifier(row.get("event_id")),
        event_type=entry.event_type if entry else raw_type,
        is_catalogued=entry is not None,
        is_engagement=entry is not None and entry.is_engagement,
        occurred_at=timestamp(row["occurred_at"]),
        age_days=0,
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
    """Anonymous id to lead: the latest link, unless that is a tombstone or of an erased lead."""
    erased = _erased_ids(world)
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
    return {key: lead_id for key, lead_id in links.items() if lead_id not in erased}


# Conversions


def _read_conversions(world: World) -> dict[str, list[Conversion]]:
    """Conversions at a known time; one at an unknown time is not known to be up to any date."""
    conversions = defaultdict(list)
    raw = world.raw.get("raw_conversions", [])
    for row in deciding_rows(raw, "conversion_id", None, CONVERSION_COLUMNS):
        converted_on, lead_id = day(row.get("converted_at")), identifier(row.get("lead_id"))
        if lead_id is not None and converted_on is not None and not is_tombstone(row):
            conversions[lead_id].append(
                Conversion(
                    text(row.get("conversion_type")), number(row.get("amount")), converted_on
                )
            )
    return conversions
