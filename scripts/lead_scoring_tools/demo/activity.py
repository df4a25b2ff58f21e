"""What people do: visits on buying journeys, mailings, webinars, trials and sales contacts."""

from dataclasses import dataclass, fields

import numpy as np

from . import vocabulary as words
from .people import Accounts, People, pick
from .world import DAY, World

KNOWN, FIRST_DEVICE, SECOND_DEVICE = 0, 1, 2

FORMS = words.kinds_where(
    (
        "content_download",
        "webinar_registered",
        "newsletter_signup",
        "demo_request",
        "form_submit",
        "trial_started",
    )
)
CONTACT_FORMS = words.kinds_where(("form_submit",), ("/contact",))
MEDIAN_SECONDS = np.array([kind.median_seconds for kind in words.KINDS], dtype=np.float32)
TO_GERMAN = np.arange(len(words.KINDS), dtype=np.int16)
for _number, _kind in enumerate(words.WEB_KINDS):
    if _kind.event_type in ("page_view", "pricing_view") and _kind.page_path in words.GERMAN_PAGES:
        TO_GERMAN[_number] = words.kind_of(
            _kind.event_type, words.GERMAN_PAGES[_kind.page_path], _kind.topic
        )

JOURNEY_VISITS = np.array([4.0, 9.0, 17.0])
# States of a journey by depth, and the share of its time at which each ends.
JOURNEY_STATES = (
    ((0.80, words.RESEARCHING), (9.0, words.GONE_COLD)),
    ((0.35, words.RESEARCHING), (0.80, words.EVALUATING), (9.0, words.GONE_COLD)),
    (
        (0.25, words.RESEARCHING),
        (0.55, words.EVALUATING),
        (0.88, words.BUYING),
        (9.0, words.GONE_COLD),
    ),
)


@dataclass
class Journeys:
    """A stretch of interest: a start, a peak and a fade."""

    person: np.ndarray
    start: np.ndarray
    days: np.ndarray
    depth: np.ndarray
    visits: np.ndarray


@dataclass
class Visits:
    """Visits to the website: who, when, in which state, and from where."""

    person: np.ndarray
    time: np.ndarray
    state: np.ndarray
    channel: np.ndarray
    campaign: np.ndarray


@dataclass
class Events:
    """Events as they happened, column by column."""

    person: np.ndarray
    time: np.ndarray
    kind: np.ndarray
    identity: np.ndarray
    channel: np.ndarray
    campaign: np.ndarray
    device: np.ndarray
    duration: np.ndarray
    value: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def where(self, keep: np.ndarray) -> "Events":
        return Events(*(getattr(self, column.name)[keep] for column in fields(self)))


EVENT_TYPES = {
    "person": np.int32,
    "time": np.float64,
    "kind": np.int16,
    "identity": np.int8,
    "channel": np.int8,
    "campaign": np.int16,
    "device": np.int8,
    "duration": np.float32,
    "value": np.float32,
}


def join(parts: list[Events]) -> Events:
    """The events of all parts."""
    columns = (np.concatenate([getattr(part, name) for part in parts]) for name in EVENT_TYPES)
    return Events(*columns)


def events_of(
    person: np.ndarray, time: np.ndarray, kind: int | np.ndarray, **others: object
) -> Events:
    """Events of known people; what is not given is blank."""
    given = {"person": person, "time": time, "kind": kind, "identity": KNOWN}
    given |= {"channel": 0, "campaign": 0, "device": 0, "duration": np.nan, "value": np.nan}
    given |= others
    return Events(
        *(np.broadcast_to(given[name], len(person)).astype(t) for name, t in EVENT_TYPES.items())
    )


def simulate(rng: np.random.Generator, world: World, people: People, accounts: Accounts) -> Events:
    """All events of a chunk, from the first day to about the horizon, in no order.

    Moves `people.created` back to the first form that a lead filled in.
    """
    journeys = _journeys(rng, world, people, accounts)
    visits = _visits(rng, world, people, journeys)
    on_site = _view_pages(rng, world, people, visits)
    _create_at_first_form(world, people, on_site)
    mail, landings = _mailings(rng, world, people, journeys)
    on_site = join([on_site, _view_pages(rng, world, people, landings)])
    _identify(rng, people, on_site)
    contacts = [
        *_webinars(rng, world, people, on_site),
        *_trials(rng, on_site),
        *_sales(rng, world, people, on_site),
        _conferences(rng, world, people, journeys),
    ]
    return join([on_site, mail, *contacts])


def _journeys(
    rng: np.random.Generator, world: World, people: People, accounts: Accounts
) -> Journeys:
    """Colleagues tend to set out together; better-fitting leads go deeper."""
    count = len(people)
    last_start = world.horizon / DAY - 10
    in_market = rng.random(len(accounts)) < 0.55
    account_start = _start_days(rng, last_start, len(accounts))
    may_buy = np.isin(people.role, (words.ORDINARY, words.EMBARGOED))
    together = may_buy & (people.account >= 0) & in_market[people.account]
    together &= rng.random(count) < 0.5
    alone = may_buy & (rng.random(count) < 0.22)

    person = np.concatenate([np.flatnonzero(together), np.flatnonzero(alone)])
    start = np.concatenate(
        [
            account_start[people.account[together]] + rng.normal(0, 8, int(together.sum())),
            _start_days(rng, last_start, int(alone.sum())),
        ]
    )
    depth_draw = rng.random(len(person)) + 0.06 * people.attribute_effect[person]
    depth = (depth_draw > 0.60).astype(np.int64) + (depth_draw > 0.86)
    depth[person >= people.leads] = 0
    days = np.clip(np.exp(rng.normal(np.log(60), 0.5, len(person))), 12, 220)
    mean = JOURNEY_VISITS[depth] * rng.gamma(1.6, 1 / 1.6, len(person)) * world.volume
    return Journeys(person, start, days, depth, rng.poisson(mean))


def _start_days(rng: np.random.Generator, last: float, count: int) -> np.ndarray:
    """The vendor grows, so later days see more journeys start."""
    return -45 + (last + 45) * rng.random(count) ** 0.6


def _visits(rng: np.random.Generator, world: World, people: People, journeys: Journeys) -> Visits:
    """When people come to the website, and in which state of mind."""
    parts = [_journey_visits(rng, journeys), *_other_visits(rng, world, people)]
    person, day, state = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    keep = (day >= 0) & (day < world.horizon / DAY)
    person, day, state = person[keep], day[keep], state[keep]
    channel = pick(rng, words.VISIT_CHANNEL_SHARES, len(person))
    searched = channel == words.PAID_CHANNEL
    line = pick(rng, words.PRODUCT_LINE_SHARES, len(person))
    ads = np.array([world.campaign(f"{name}-search") for name in words.PRODUCT_LINES])
    campaign = np.where(searched, ads[line], 0)
    tests = (state == words.INTERNAL) & (rng.random(len(person)) < 0.5)
    campaign[tests] = world.campaign("internal_test")
    offsets = words.UTC_OFFSET_HOURS[people.country[person]]
    return Visits(person, world.working_hours(rng, day, offsets), state, channel, campaign)


def _journey_visits(
    rng: np.random.Generator, journeys: Journeys
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    index = np.repeat(np.arange(len(journeys.person)), journeys.visits)
    position = rng.beta(2.6, 2.0, len(index))
    depth = journeys.depth[index]
    state = np.zeros(len(index), dtype=np.int8)
    for level, stages in enumerate(JOURNEY_STATES):
        ends = np.array([end for end, _ in stages])
        codes = np.array([code for _, code in stages], dtype=np.int8)
        at_level = depth == level
        state[at_level] = codes[np.searchsorted(ends, position[at_level])]
    day = journeys.start[index] + position * journeys.days[index]
    return journeys.person[index], day, state


def _other_visits(
    rng: np.random.Generator, world: World, people: People
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Visits outside journeys: the merely curious, and those who will never buy."""
    role = people.role
    ghost = ~people.is_lead & (role == words.ORDINARY)
    years = world.horizon / DAY / 425
    means = {
        words.UNAWARE: np.where(ghost, 1.6, 0.9) * people.activity * (role <= words.STUDENT),
        words.RESEARCHING: 1.5 * (role == words.STUDENT) + 0.6 * ghost,
        words.JOB_HUNTING: 5.0 * people.hunts_job,
        words.INTERNAL: 12.0 * np.isin(role, (words.TEST_ACCOUNT, words.EMPLOYEE)),
        words.SPYING: 10.0 * (role == words.COMPETITOR),
    }
    visits = {
        state: rng.poisson(np.minimum(mean, 40) * world.volume * years)
        for state, mean in means.items()
    }
    visits[words.ROBOT] = (role == words.BOT) * rng.integers(1, 4, len(people))
    parts = []
    for state, counts in visits.items():
        person = np.repeat(np.arange(len(people)), counts)
        day = rng.uniform(0, world.horizon / DAY, len(person))
        parts.append((person, day, np.full(len(person), state, dtype=np.int8)))
    return parts


def _view_pages(rng: np.random.Generator, world: World, people: People, visits: Visits) -> Events:
    """The single events of each visit, one after the other."""
    mean = words.PAGES_PER_VISIT[visits.state]
    pages = np.minimum(rng.geometric(1 / mean), 30)
    robots = visits.state == words.ROBOT
    pages[robots] = rng.integers(100, 400, int(robots.sum()))
    index = np.repeat(np.arange(len(pages)), pages)
    kind = _draw_kinds(rng, world, people, visits, index)
    duration = _durations(rng, kind, pages[index] == 1, robots[index])
    seconds = np.maximum(np.nan_to_num(duration, nan=6.0), 1.0)
    elapsed = np.cumsum(seconds, dtype=np.float64) - seconds
    first = np.cumsum(pages) - pages
    start = visits.time - elapsed[first] if len(pages) else visits.time
    person = visits.person[index]
    return events_of(
        person,
        start[index] + elapsed,
        kind,
        identity=FIRST_DEVICE,
        channel=visits.channel[index],
        campaign=visits.campaign[index],
        device=_devices(rng, people, visits, robots)[index],
        duration=duration,
    )


def _draw_kinds(
    rng: np.random.Generator, world: World, people: People, visits: Visits, index: np.ndarray
) -> np.ndarray:
    """One search in the cumulative table finds the kind of every event."""
    kinds = len(words.WEB_KINDS)
    state = visits.state[index].astype(np.int64)
    found = np.searchsorted(world.kind_table, state + rng.random(len(index)), side="right")
    kind = np.minimum(found - state * kinds, kinds - 1).astype(np.int16)
    reads_german = people.country[visits.person] == words.GERMANY
    reads_german &= rng.random(len(visits.person)) < 0.65
    kind = np.where(reads_german[index], TO_GERMAN[kind], kind)
    nameless = (visits.person >= people.leads) | (visits.state == words.ROBOT)
    kind[nameless[index] & FORMS[kind]] = 0
    return kind


def _durations(
    rng: np.random.Generator, kind: np.ndarray, is_alone: np.ndarray, is_robot: np.ndarray
) -> np.ndarray:
    """Seconds on the page; a visit of one page is often a bounce."""
    spread = np.exp(0.8 * rng.standard_normal(len(kind), dtype=np.float32))
    duration = np.maximum(np.rint(MEDIAN_SECONDS[kind] * spread), 1)
    draw = rng.random(len(kind), dtype=np.float32)
    duration = np.where(is_alone & (draw < 0.5), np.rint(1 + draw * 16), duration)
    duration[is_robot] = np.rint(draw[is_robot] * 2)
    duration[(MEDIAN_SECONDS[kind] == 0) | (draw > 0.97)] = np.nan
    return duration


def _devices(
    rng: np.random.Generator, people: People, visits: Visits, robots: np.ndarray
) -> np.ndarray:
    usual = people.device[visits.person]
    other = pick(rng, words.DEVICE_SHARES, len(visits.person))
    device = np.where(rng.random(len(other)) < 0.8, usual, other)
    device[robots] = words.FIRST_BOT_DEVICE + visits.person[robots] % 3
    return device


def _create_at_first_form(world: World, people: People, on_site: Events) -> None:
    """A form makes a visitor a lead, so no lead is younger than its first form."""
    forms = on_site.where(FORMS[on_site.kind] & (on_site.time < world.end))
    np.minimum.at(people.created, forms.person, forms.time)


def _identify(rng: np.random.Generator, people: People, on_site: Events) -> None:
    """Before it is a lead, a visitor is anonymous; after that, on a second device only."""
    second = (on_site.time.astype(np.int64) // int(DAY) + on_site.person) % 100 < 18
    second &= ~FORMS[on_site.kind] & (on_site.channel != words.EMAIL_CHANNEL)
    known = on_site.time >= people.created[on_site.person]
    on_site.identity[known] = np.where(second[known], SECOND_DEVICE, KNOWN)


def _mailings(
    rng: np.random.Generator, world: World, people: People, journeys: Journeys
) -> tuple[Events, Visits]:
    """Mails that are delivered, opened, clicked, left alone, and complained about."""
    chance = min(world.sends_per_lead / len(world.send_times), 1.0)
    draws = rng.random((people.leads, len(world.send_times)), dtype=np.float32)
    person, send = np.nonzero(draws < (chance * people.gets_mail[: people.leads])[:, None])
    time = world.send_times[send] + rng.random(len(person)) * 1800
    known = time > people.created[person]
    person, send, time = person[known], send[known], time[known]
    campaign = world.send_campaigns[send]

    interested = _in_journey(people, journeys, person, time)
    dead = people.has_dead_mailbox[person]
    rate = people.open_rate[person] * np.where(interested, 1.7, 1.0) * ~dead
    opened = rng.random(len(person)) < rate
    open_time = time + rng.exponential(5 * 3600, len(person)) + 60
    clicked = opened & (rng.random(len(person)) < np.where(interested, 0.24, 0.10))
    click_time = open_time + rng.uniform(5, 120, len(person))
    leaves = opened & ~clicked & (rng.random(len(person)) < 0.010)
    left = np.full(len(people), np.inf)
    np.minimum.at(left, person[leaves], open_time[leaves] + 30)
    stays = time < left[person]

    def mail(kind: str, rows: np.ndarray, times: np.ndarray, **others: object) -> Events:
        number = words.kind_of(kind)
        return events_of(person[rows], times[rows], number, campaign=campaign[rows], **others)

    device = people.device[person]
    opened, clicked = opened & stays, clicked & stays
    leavers = np.flatnonzero(np.isfinite(left))
    angry = leavers[rng.random(len(leavers)) < 0.12]
    events = [
        mail("email_delivered", stays & ~dead, time),
        mail("email_bounce", stays & dead & (send % 5 == 0), time + 40),
        mail("email_open", opened, open_time, device=device[opened]),
        mail("email_click", clicked, click_time, device=device[clicked]),
        events_of(leavers, left[leavers], words.kind_of("unsubscribe")),
        events_of(angry, left[angry] + 20, words.kind_of("spam_complaint")),
        *_scanner_clicks(rng, people, person, time, campaign, stays & ~dead),
    ]
    landings = Visits(
        person[clicked],
        click_time[clicked] + 2,
        np.full(int(clicked.sum()), words.FROM_EMAIL, dtype=np.int8),
        np.full(int(clicked.sum()), words.EMAIL_CHANNEL),
        campaign[clicked],
    )
    return join(events), landings


def _scanner_clicks(
    rng: np.random.Generator,
    people: People,
    person: np.ndarray,
    time: np.ndarray,
    campaign: np.ndarray,
    delivered: np.ndarray,
) -> list[Events]:
    """Security software opens and clicks what it guards, within seconds of delivery."""
    rows = np.flatnonzero(delivered & (people.scanner[person] > 0))
    named = people.scanner[person[rows]] == 1
    device = np.where(named, words.SCANNER_DEVICE, 1)
    parts = []
    for kind, delay in (("email_open", 2.0), ("email_click", 3.0), ("email_click", 3.5)):
        parts.append(
            events_of(
                person[rows],
                time[rows] + delay + rng.random(len(rows)),
                words.kind_of(kind),
                campaign=campaign[rows],
                device=device,
                duration=np.where(named, np.nan, np.round(rng.random(len(rows)) * 0.9, 2)),
            )
        )
    return [parts[0].where(named), *parts[1:]]


def _in_journey(
    people: People, journeys: Journeys, person: np.ndarray, time: np.ndarray
) -> np.ndarray:
    """Whether each person is on a journey at that time."""
    start = np.full(len(people), np.inf)
    end = np.full(len(people), -np.inf)
    start[journeys.person] = journeys.start * DAY
    end[journeys.person] = (journeys.start + journeys.days) * DAY
    return (time >= start[person]) & (time <= end[person])


def _webinars(
    rng: np.random.Generator, world: World, people: People, on_site: Events
) -> list[Events]:
    """Registrations name the next webinar; about half of those who register turn up."""
    rows = np.flatnonzero(on_site.kind == words.kind_of("webinar_registered"))
    number = np.searchsorted(world.webinar_times, on_site.time[rows], side="right")
    planned = number < len(world.webinar_times)
    rows, number = rows[planned], number[planned]
    on_site.campaign[rows] = world.webinar_campaigns[number]
    comes = rng.random(len(rows)) < 0.5
    pairs = np.unique(np.stack([on_site.person[rows[comes]], number[comes]]), axis=1)
    person, number = pairs
    topics = [words.kind_of("webinar_attended", topic=topic) for topic in words.WEBINAR_TOPICS]
    attended = events_of(
        person,
        world.webinar_times[number] + rng.exponential(240, len(person)),
        np.array(topics)[number % len(topics)],
        campaign=world.webinar_campaigns[number],
        duration=np.clip(np.rint(np.exp(rng.normal(np.log(2500), 0.7, len(person)))), 30, 4200),
    )
    return [attended]


def _trials(rng: np.random.Generator, on_site: Events) -> list[Events]:
    """Two weeks of use, with more colleagues the longer it goes on."""
    rows = np.flatnonzero(on_site.kind == words.kind_of("trial_started"))
    uses = rng.poisson(6, len(rows))
    index = np.repeat(rows, uses)
    progress = rng.random(len(index)) ** 1.3
    team = 1 + np.floor(rng.exponential(2.2, len(index)) * (0.4 + progress))
    used = events_of(
        on_site.person[index],
        on_site.time[index] + 600 + progress * 14 * DAY,
        words.kind_of("trial_activity"),
        duration=np.rint(rng.exponential(900, len(index)) + 30),
        value=team,
    )
    return [used]


def _sales(rng: np.random.Generator, world: World, people: People, on_site: Events) -> list[Events]:
    """Calls after requests and out of the blue, and the meetings that follow."""
    asked = (on_site.kind == words.kind_of("demo_request")) | CONTACT_FORMS[on_site.kind]
    rows = np.flatnonzero(asked & ~np.isin(people.role[on_site.person], _UNCALLED))
    cold = rng.poisson(0.25 * min(world.volume, 1.0), people.leads)
    cold_person = np.repeat(np.arange(people.leads), cold)
    cold_time = rng.uniform(0, world.horizon, len(cold_person))
    may_call = (cold_time > people.created[cold_person]) & (people.role[cold_person] == 0)
    cold_person, cold_time = cold_person[may_call], cold_time[may_call]

    person = np.concatenate([on_site.person[rows], cold_person])
    time = np.concatenate([on_site.time[rows], cold_time])
    is_warm = np.arange(len(person)) < len(rows)
    time = time + (0.1 + rng.exponential(1.2, len(person))) * DAY
    offsets = words.UTC_OFFSET_HOURS[people.country[person]]
    time = np.maximum(world.working_hours(rng, time / DAY, offsets), time)
    reached = rng.random(len(person)) < np.where(is_warm, 0.65, 0.25)
    agreed = reached & (rng.random(len(person)) < np.where(is_warm, 0.65, 0.10))
    meets = time + rng.uniform(2, 12, len(person)) * DAY
    came = rng.random(len(person)) < 0.8
    held, missed = agreed & came, agreed & ~came

    def contact(kind: str, rows: np.ndarray, times: np.ndarray, median: float) -> Events:
        seconds = np.rint(np.exp(rng.normal(np.log(median), 0.8, int(rows.sum()))))
        duration = seconds if median > 1 else np.nan
        return events_of(person[rows], times[rows], words.kind_of(kind), duration=duration)

    return [
        contact("call_attempted", ~reached | (rng.random(len(person)) < 0.3), time - 7200, 1),
        contact("call_connected", reached, time, 210),
        contact("meeting_booked", agreed, time + 1200, 1),
        contact("meeting_held", held, meets, 2400),
        contact("meeting_no_show", missed, meets, 1),
    ]


_UNCALLED = (words.TEST_ACCOUNT, words.EMPLOYEE, words.BOT)


def _conferences(
    rng: np.random.Generator, world: World, people: People, journeys: Journeys
) -> Events:
    """A few leads come to the stand; those on a journey more often."""
    shows = len(world.conference_times)
    chance = np.full(len(people), 0.004)
    chance[journeys.person] = 0.016
    chance[people.leads :] = 0
    person, show = np.nonzero(rng.random((len(people), shows)) < chance[:, None])
    time = world.conference_times[show] + rng.uniform(0, 2.3, len(person)) * DAY
    known = (time > people.created[person]) & (people.role[person] <= words.STUDENT)
    return events_of(
        person[known],
        time[known],
        words.kind_of("conference_visit"),
        campaign=world.conference_campaigns[show[known]],
    )
