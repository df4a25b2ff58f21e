"""The raw tables as Arrow tables, with the spellings and gaps that people leave."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import blemishes
from . import vocabulary as words
from .activity import FIRST_DEVICE, SECOND_DEVICE, Events
from .outcomes import Conversions
from .people import Accounts, People, pick
from .world import DAY, World

TIMESTAMP = pa.timestamp("us")
FIRST_ID = 10_000_000

LEAD_COLUMNS = (
    "lead_id",
    "email",
    "account_id",
    "job_title",
    "department",
    "seniority",
    "country",
    "language",
    "lead_source",
    "campaign",
)
SCHEMAS = {
    "raw_leads": pa.schema(
        [
            *((name, pa.string()) for name in LEAD_COLUMNS),
            ("created_at", TIMESTAMP),
            ("updated_at", TIMESTAMP),
            ("is_deleted", pa.bool_()),
        ]
    ),
    "raw_firmographics": pa.schema(
        [
            ("account_id", pa.string()),
            ("company_name", pa.string()),
            ("domain", pa.string()),
            ("industry", pa.string()),
            ("employee_count", pa.int64()),
            ("annual_revenue", pa.float64()),
            ("growth_rate", pa.float64()),
            ("location_count", pa.int64()),
            ("technologies", pa.string()),
            ("country", pa.string()),
            ("updated_at", TIMESTAMP),
        ]
    ),
    "raw_events": pa.schema(
        [
            ("event_id", pa.string()),
            ("lead_id", pa.string()),
            ("anonymous_id", pa.string()),
            ("event_type", pa.string()),
            ("occurred_at", TIMESTAMP),
            ("loaded_at", TIMESTAMP),
            ("page_path", pa.string()),
            ("channel", pa.string()),
            ("campaign", pa.string()),
            ("content_topic", pa.string()),
            ("device", pa.string()),
            ("duration_seconds", pa.float64()),
            ("value", pa.float64()),
            ("is_deleted", pa.bool_()),
        ]
    ),
    "raw_identities": pa.schema(
        [("anonymous_id", pa.string()), ("lead_id", pa.string()), ("linked_at", TIMESTAMP)]
    ),
    "raw_conversions": pa.schema(
        [
            ("conversion_id", pa.string()),
            ("lead_id", pa.string()),
            ("conversion_type", pa.string()),
            ("converted_at", TIMESTAMP),
            ("amount", pa.float64()),
        ]
    ),
}


# ---------------------------------------------------------------- building blocks
def ids(
    prefix: str, numbers: np.ndarray, missing: np.ndarray | None = None, base: int = 10
) -> pa.Array:
    """Ids such as L10000042: a letter and as many digits as the base needs for all numbers."""
    width = 8 if base == 10 else 10
    text = np.empty((1 + width, len(numbers)), dtype=np.uint8)
    # Unknown numbers are negative; their digits stay unseen.
    rest = numbers.astype(np.uint64 if base == 16 else np.uint32)
    for place in range(width, 0, -1):
        higher = rest >> 4 if base == 16 else rest // np.uint32(10)
        text[place] = rest - higher * base
        rest = higher
    text += np.uint8(ord("0"))
    text += (text > ord("9")) * np.uint8(ord("a") - ord("9") - 1)
    text[0] = ord(prefix)
    text = np.ascontiguousarray(text.T)
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * np.int32(1 + width)
    known = None if missing is None else np.packbits(~missing, bitorder="little")
    buffers = (known, offsets, text)
    return pa.Array.from_buffers(
        pa.string(), len(numbers), [None if b is None else pa.py_buffer(b) for b in buffers]
    )


def spelled(
    values: tuple | list, codes: np.ndarray, missing: np.ndarray | None = None
) -> pa.DictionaryArray:
    """Values looked up by code, as a dictionary array."""
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32), mask=missing), pa.array(values, pa.string())
    )


def times(world: World, seconds: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    whole = np.where(np.isfinite(seconds), seconds, 0.0)
    return pa.array(world.to_microseconds(whole), TIMESTAMP, mask=missing)


def numbers(values: np.ndarray, missing: np.ndarray) -> pa.Array:
    return pa.array(values, mask=missing)


def text_table(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    """A table of the contract's types; looked-up columns become plain text."""
    schema = SCHEMAS[name]
    return pa.table([columns[field.name].cast(field.type) for field in schema], schema=schema)


def _variants(spellings: tuple[tuple[str, ...], ...]) -> list[str]:
    return [spelling for group in spellings for spelling in group]


def _some_spelling(rng: np.random.Generator, codes: np.ndarray) -> np.ndarray:
    """Codes into `_variants`: the first spelling most often."""
    return codes.astype(np.int64) * 4 + pick(rng, (0.5, 0.25, 0.15, 0.10), len(codes))


# ---------------------------------------------------------------- leads
def leads_table(
    rng: np.random.Generator, world: World, people: People, accounts: Accounts
) -> pa.Table:
    """Current rows, older versions of some, tombstones, and rows that nobody can use."""
    lead = np.arange(people.leads)
    now = _lead_columns(rng, people, accounts)
    created = people.created[lead]
    age = np.maximum(world.end - created, 60)
    updated = created + np.minimum(rng.exponential(60 * DAY, len(lead)), age * 0.999)
    unknown_start = rng.random(len(lead)) < 0.004
    never_updated = rng.random(len(lead)) < 0.01
    now["created_at"] = times(world, created, unknown_start)
    now["updated_at"] = times(world, updated, never_updated)
    now["is_deleted"] = pa.array(np.zeros(len(lead), dtype=bool))
    current = text_table("raw_leads", now)

    changed = np.flatnonzero(rng.random(len(lead)) < 0.06)
    twice = changed[rng.random(len(changed)) < 0.3]
    older = _older(current, changed, times(world, (created + (updated - created) * 0.5)[changed]))
    oldest = _older(current, twice, times(world, (created + (updated - created) * 0.2)[twice]))
    gone = _quota(rng, people.leads, 0.002)
    tombstones = _replace(
        current.take(gone),
        updated_at=times(world, np.minimum(updated[gone] + 3600, world.end - 1)),
        is_deleted=pa.array(np.ones(len(gone), dtype=bool)),
    )
    nameless_rows = _quota(rng, people.leads, 0.001)
    blank = np.where(np.arange(len(nameless_rows)) % 2 == 0, "  ", None)
    nameless = _replace(current.take(nameless_rows), lead_id=pa.array(blank, pa.string()))
    return pa.concat_tables([current, older, oldest, tombstones, nameless])


def _quota(rng: np.random.Generator, count: int, share: float) -> np.ndarray:
    """Distinct rows for a blemish, at least two."""
    return np.sort(rng.choice(count, min(max(int(count * share), 2), count), replace=False))


def _replace(table: pa.Table, **columns: pa.Array) -> pa.Table:
    for name, column in columns.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), column)
    return table


def _older(current: pa.Table, rows: np.ndarray, updated_at: pa.Array) -> pa.Table:
    """What was known earlier: no department, and every job was a smaller one."""
    nothing = pa.nulls(len(rows), pa.string())
    junior = pc.binary_join_element_wise(
        pa.scalar("Junior"), current["job_title"].combine_chunks().take(pa.array(rows)), " "
    )
    return _replace(current.take(rows), department=nothing, job_title=junior, updated_at=updated_at)


def _lead_columns(
    rng: np.random.Generator, people: People, accounts: Accounts
) -> dict[str, pa.Array]:
    lead = slice(0, people.leads)
    count, role = people.leads, people.role[lead]
    bot = role == words.BOT

    def missing(share: float) -> np.ndarray:
        return (rng.random(count) < share) | bot

    account = people.account[lead]
    strays = (account >= 0) & (rng.random(count) < 0.004)
    account_number = np.where(strays, 79_000_000, accounts.first_number + account)
    campaign = rng.integers(0, 3, count) + 3 * pick(rng, words.PRODUCT_LINE_SHARES, count)
    campaign = np.where(rng.random(count) < 0.15, 9 + rng.integers(0, 2, count), campaign)
    language = np.array([sorted(set(words.LANGUAGES)).index(name) for name in words.LANGUAGES])
    return {
        "lead_id": ids("L", FIRST_ID + people.first_number + np.arange(count)),
        "email": _emails(rng, people, accounts),
        "account_id": ids("A", FIRST_ID + account_number, account < 0),
        "job_title": _titles(rng, people, missing(0.10)),
        "department": spelled(
            _variants(words.DEPARTMENT_SPELLINGS),
            _some_spelling(rng, people.department[lead]),
            missing(0.15),
        ),
        "seniority": spelled(
            _variants(words.SENIORITY_SPELLINGS),
            _some_spelling(rng, people.seniority[lead]),
            missing(0.22) | (role == words.STUDENT),
        ),
        "country": _countries(rng, people.country[lead], role, missing(0.05)),
        "language": spelled(
            sorted(set(words.LANGUAGES)), language[people.country[lead]], missing(0.2)
        ),
        "lead_source": spelled(
            words.LEAD_SOURCES, pick(rng, words.LEAD_SOURCE_SHARES, count), missing(0.04)
        ),
        "campaign": spelled(words.LEAD_CAMPAIGNS, campaign, missing(0.22)),
    }


def _titles(rng: np.random.Generator, people: People, missing: np.ndarray) -> pa.Array:
    """Titles by seniority and department, in several patterns."""
    titles = [
        pattern.format(subject, chief)
        for patterns in words.TITLE_PATTERNS
        for subject, chief in zip(words.TITLE_SUBJECTS, words.CHIEF_SHORT, strict=True)
        for pattern in patterns
    ]
    lead = slice(0, people.leads)
    job = people.seniority[lead].astype(np.int64) * len(words.DEPARTMENTS) + people.department[lead]
    code = _some_spelling(rng, job)
    role = people.role[lead]
    odd = rng.integers(0, 4, people.leads)
    code = np.where(role == words.STUDENT, len(titles) + odd, code)
    code = np.where(role == words.BOT, len(titles) + len(words.STUDENT_TITLES) + odd, code)
    missing = missing & ~np.isin(role, (words.STUDENT, words.BOT))
    return spelled([*titles, *words.STUDENT_TITLES, *words.BOT_TITLES], code, missing)


def _countries(
    rng: np.random.Generator, country: np.ndarray, role: np.ndarray, missing: np.ndarray
) -> pa.Array:
    names = _variants(words.COUNTRY_SPELLINGS)
    code = _some_spelling(rng, country)
    embargoed = role == words.EMBARGOED
    code[embargoed] = len(names) + rng.integers(0, 4, int(embargoed.sum()))
    return spelled([*names, *words.EMBARGOED_COUNTRIES], code, missing & ~embargoed)


def _emails(rng: np.random.Generator, people: People, accounts: Accounts) -> pa.Array:
    """first.last at the company, at a mail provider, or broken."""
    count = people.leads
    role = people.role[:count]
    first = rng.integers(0, len(words.FIRST_NAMES), count)
    last = rng.integers(0, len(words.LAST_NAMES), count)
    people_names = [f"{a}.{b}".lower() for a in words.FIRST_NAMES for b in words.LAST_NAMES]
    testers = [f"{name}{n}" for name in ("test", "qa", "test+form", "demo") for n in range(1, 6)]
    name = first * len(words.LAST_NAMES) + last
    tester = role == words.TEST_ACCOUNT
    name[tester] = len(people_names) + rng.integers(0, len(testers), int(tester.sum()))
    local = spelled([*people_names, *testers], name).cast(pa.string())
    number = pa.array((people.first_number + np.arange(count)) % 97).cast(pa.string())
    local = pc.if_else(pa.array(tester), local, pc.binary_join_element_wise(local, number, ""))

    domains = pa.concat_arrays([_domains(accounts), pa.array(_OTHER_DOMAINS)])
    place = np.where(people.account[:count] >= 0, people.account[:count], len(accounts) + 8)
    provider = len(accounts) + rng.integers(0, len(words.FREE_MAIL), count)
    place = np.where(people.has_free_mail[:count], provider, place)
    place = np.where(np.isin(role, _OURS), len(accounts) + 9, place)
    broken = rng.random(count) < 0.005
    at = pc.if_else(pa.array(broken), pa.scalar(" at "), pa.scalar("@"))
    email = pc.binary_join_element_wise(local, at, domains.take(pa.array(place)), "")
    unknown = rng.random(count) < np.where(role == words.ORDINARY, 0.02, 0.0)
    return pc.if_else(pa.array(unknown), pa.scalar(None, pa.string()), email)


_OURS = (words.TEST_ACCOUNT, words.EMPLOYEE)
_OTHER_DOMAINS = [f"{name}.example" for name in words.FREE_MAIL]
_OTHER_DOMAINS += ["consulting-and-more.example", words.OWN_DOMAIN]


# ---------------------------------------------------------------- accounts
def _company_codes(accounts: Accounts) -> tuple[np.ndarray, np.ndarray]:
    number = (accounts.first_number + np.arange(len(accounts))) * 7919
    stems, nouns = len(words.COMPANY_STEMS), len(words.COMPANY_NOUNS)
    return number % (stems * nouns), number // (stems * nouns)


_COMPANY_NAMES = [f"{stem}{noun}" for stem in words.COMPANY_STEMS for noun in words.COMPANY_NOUNS]


_TECHNOLOGY_LISTS = [
    "|".join(t for bit, t in enumerate(words.TECHNOLOGIES) if mask >> bit & 1)
    for mask in range(1 << len(words.TECHNOLOGIES))
]


def _domains(accounts: Accounts) -> pa.Array:
    code, series = _company_codes(accounts)
    slugs = spelled([name.lower() for name in _COMPANY_NAMES], code).cast(pa.string())
    series_text = pa.array(series).cast(pa.string())
    domain = pc.binary_join_element_wise(slugs, series_text, pa.scalar(".example"), "")
    rivals = pa.array(words.RIVAL_DOMAINS).take(pa.array(np.arange(len(accounts)) % 3))
    return pc.if_else(pa.array(accounts.is_rival), rivals, domain)


def firmographics_table(rng: np.random.Generator, world: World, accounts: Accounts) -> pa.Table:
    """One row per company, two for some, and a few that are no use."""
    count = len(accounts)
    code, series = _company_codes(accounts)
    form = (code + series) % len(words.COMPANY_FORMS)
    name = pc.binary_join_element_wise(
        spelled(_COMPANY_NAMES, code).cast(pa.string()),
        spelled(words.COMPANY_FORMS, form).cast(pa.string()),
        " ",
    )

    def missing(share: float) -> np.ndarray:
        return rng.random(count) < share

    employees = accounts.employees.copy()
    employees[missing(0.004)] *= -1
    revenue = accounts.employees * 140_000 * np.exp(rng.normal(0, 0.6, count))
    growth = np.round(rng.normal(0.10, 0.18, count), 3)
    locations = 1 + rng.poisson(accounts.employees**0.5 / 8)
    updated = rng.uniform(-200 * DAY, world.end, count)
    unknown_company = missing(0.08)
    current = text_table(
        "raw_firmographics",
        {
            "account_id": ids("A", FIRST_ID + accounts.first_number + np.arange(count)),
            "company_name": pc.utf8_trim_whitespace(name),
            "domain": _domains(accounts),
            "industry": spelled(
                _variants(words.INDUSTRY_SPELLINGS),
                _some_spelling(rng, accounts.industry),
                missing(0.05) | unknown_company,
            ),
            "employee_count": numbers(employees, missing(0.05) | unknown_company),
            "annual_revenue": numbers(np.round(revenue, -3), missing(0.30)),
            "growth_rate": numbers(growth, missing(0.35)),
            "location_count": numbers(locations, missing(0.25)),
            "technologies": spelled(
                _TECHNOLOGY_LISTS, accounts.technologies, missing(0.18) | unknown_company
            ),
            "country": spelled(
                _variants(words.COUNTRY_SPELLINGS),
                _some_spelling(rng, accounts.country),
                missing(0.06),
            ),
            "updated_at": times(world, updated, missing(0.01)),
        },
    )
    rows = _quota(rng, count, 0.04)
    smaller = pc.cast(
        pc.multiply(current["employee_count"].take(rows), 0.8), pa.int64(), safe=False
    )
    older = _replace(
        current.take(rows),
        employee_count=smaller,
        updated_at=times(world, updated[rows] - 90 * DAY),
    )
    nameless = current.take(_quota(rng, count, 0.002))
    nameless = _replace(nameless, account_id=pa.nulls(len(nameless), pa.string()))
    return pa.concat_tables([current, older, nameless])


# ---------------------------------------------------------------- identities and conversions
def identities_table(
    rng: np.random.Generator, world: World, people: People, events: Events
) -> pa.Table:
    """Which device turned out to be whose; some links came twice, some were wrong at first."""
    seen = events.where((events.time < world.end) & (events.person < people.leads))
    person, device, linked = [], [], []
    for identity in (FIRST_DEVICE, SECOND_DEVICE):
        used = np.unique(seen.person[seen.identity == identity])
        used = used[people.links[identity - 1, used]]
        wait = 60.0 if identity == FIRST_DEVICE else 5 * DAY
        first = np.full(people.leads, np.inf)
        rows = seen.identity == identity
        np.minimum.at(first, seen.person[rows], seen.time[rows])
        start = np.maximum(people.created[used], first[used])
        person.append(used)
        device.append(np.full(len(used), identity))
        linked.append(np.minimum(start + rng.exponential(wait, len(used)), world.end - 1))
    person, device, linked = map(np.concatenate, (person, device, linked))
    visitor = blemishes.visitor_number(people, world, person, device)

    again = np.flatnonzero(rng.random(len(person)) < 0.02)
    wrong = np.flatnonzero((rng.random(len(person)) < 0.01) & (np.roll(person, 1) != person))
    all_visitors = np.concatenate([visitor, visitor[again], visitor[wrong]])
    all_leads = np.concatenate([person, person[again], np.roll(person, 1)[wrong]])
    all_times = np.concatenate([linked, linked[again], linked[wrong] - 3600])
    undated = np.concatenate(
        [rng.random(len(person)) < 0.01, np.zeros(len(again) + len(wrong), dtype=bool)]
    )
    # A wrong link must not win over a right one without a date.
    undated[wrong] = False
    lead_numbers = FIRST_ID + people.first_number + all_leads
    strays = rng.random(len(all_leads)) < 0.002
    strays[: len(person)] = False
    lead_numbers = np.where(strays, 99_000_000, lead_numbers)
    return text_table(
        "raw_identities",
        {
            "anonymous_id": ids("v", all_visitors, base=16),
            "lead_id": ids("L", lead_numbers),
            "linked_at": times(world, all_times, undated),
        },
    )


def conversions_tables(
    rng: np.random.Generator, world: World, people: People, conversions: Conversions
) -> tuple[pa.Table, pa.Table]:
    """Conversions up to the last day, with a few repeats, and those after it."""
    opened = conversions.conversion_type == "opportunity_created"
    number = 2 * (people.first_number + conversions.person) + ~opened
    table = text_table(
        "raw_conversions",
        {
            "conversion_id": ids("C", FIRST_ID + number),
            "lead_id": ids("L", FIRST_ID + people.first_number + conversions.person),
            "conversion_type": pa.array(conversions.conversion_type, pa.string()),
            "converted_at": times(world, conversions.time),
            "amount": pa.array(conversions.amount, mask=np.isnan(conversions.amount)),
        },
    ).sort_by("conversion_id")
    is_past = conversions.time[np.argsort(number)] < world.end
    past, future = table.filter(is_past), table.filter(~is_past)
    again = past.take(_quota(rng, len(past), 0.01))
    return pa.concat_tables([past, again]), future


# ---------------------------------------------------------------- events
def events_table(world: World, records: np.ndarray) -> pa.Table:
    """Sorted records in words; repeated words stay looked-up, which is quick to write."""
    flags, who = records["flags"], records["who"]
    kind = records["name"] // blemishes.VARIANTS
    batch = records["order"] >> blemishes.ID_BITS
    event = records["order"] & ((1 << blemishes.ID_BITS) - 1)
    paths, path_codes = _codes([each.page_path for each in words.KINDS])
    topics, topic_codes = _codes([each.topic for each in words.KINDS])
    path = np.where(flags & blemishes.NO_PAGE, -1, path_codes[kind])
    lead_ids = ids("L", FIRST_ID + who, who < 0)
    lead_ids = pc.if_else(pa.array(who == blemishes.BLANK_LEAD), pa.scalar(" "), lead_ids)
    visitor = blemishes.FIRST_VISITOR - who
    loaded = world.epoch_us + 40_000_000 + batch * blemishes.BATCH_SECONDS * 1_000_000
    return pa.table(
        {
            "event_id": ids("e", event, (flags & blemishes.NO_EVENT_ID) > 0, base=16),
            "lead_id": lead_ids,
            "anonymous_id": ids("v", visitor, visitor < 0, base=16),
            "event_type": spelled(blemishes.event_names(), records["name"]),
            "occurred_at": pa.array(
                records["occurred"], TIMESTAMP, mask=(flags & blemishes.NO_TIME) > 0
            ),
            "loaded_at": pa.array(loaded, TIMESTAMP),
            "page_path": spelled(paths, path, path < 0),
            "channel": spelled(words.CHANNELS[1:], records["channel"] - 1, records["channel"] < 1),
            "campaign": spelled(
                world.campaigns[1:], records["campaign"] - 1, records["campaign"] < 1
            ),
            "content_topic": spelled(topics, topic_codes[kind], topic_codes[kind] < 0),
            "device": spelled(words.DEVICES[1:], records["device"] - 1, records["device"] < 1),
            "duration_seconds": _floats(records["duration"]),
            "value": _floats(records["value"]),
            "is_deleted": pa.array((flags & blemishes.DELETED) > 0),
        }
    )


def _floats(values: np.ndarray) -> pa.Array:
    return pa.array(np.round(values.astype(np.float64), 2), mask=np.isnan(values))


def _codes(values: list[str | None]) -> tuple[list[str], np.ndarray]:
    """Distinct known values, and the place of each value among them (-1: none)."""
    known = sorted({value for value in values if value is not None})
    return known, np.array([known.index(v) if v is not None else -1 for v in values])
