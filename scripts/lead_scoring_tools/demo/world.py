"""The settings of a run and the calendars that everybody in it shares."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np

from . import truth
from . import vocabulary as words

DAY = 86_400.0
EVENTS_PER_LEAD = 20


@dataclass(frozen=True)
class Settings:
    """What a user asks for."""

    leads: int
    events: int
    seed: int
    until: date
    days: int

    @property
    def events_per_lead(self) -> float:
        return self.events / self.leads

    @property
    def leads_per_chunk(self) -> int:
        """Leads that are simulated at once: about 400,000 events, so that memory stays flat."""
        return int(min(max(400_000 / self.events_per_lead, 100), 20_000, self.leads))

    @property
    def chunks(self) -> int:
        return -(-self.leads // self.leads_per_chunk)


@dataclass
class World:
    """Calendars and chances of one run. Times are seconds from the first midnight on."""

    settings: Settings
    volume: float
    first_day: date = field(init=False)
    end: float = field(init=False)
    horizon: float = field(init=False)
    epoch_us: int = field(init=False)

    campaigns: list[str | None] = field(init=False)
    send_times: np.ndarray = field(init=False)
    send_campaigns: np.ndarray = field(init=False)
    sends_per_lead: float = field(init=False)
    webinar_times: np.ndarray = field(init=False)
    webinar_campaigns: np.ndarray = field(init=False)
    conference_times: np.ndarray = field(init=False)
    conference_campaigns: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        self.first_day = settings.until - timedelta(days=settings.days - 1)
        self.end = settings.days * DAY
        self.horizon = self.end + truth.FUTURE_DAYS * DAY
        midnight = datetime.combine(self.first_day, datetime.min.time(), tzinfo=UTC)
        self.epoch_us = int(midnight.timestamp()) * 1_000_000
        self.campaigns = [None, *words.LEAD_CAMPAIGNS, "internal_test"]
        self._plan_sends()
        self._plan_webinars()
        self._plan_conferences()
        self.kind_table = self._kind_table()

    @property
    def rare(self) -> float:
        """By how much telling events are rarer than usual, so that more volume means more noise
        and not more buyers."""
        return 1 / max(self.volume, 1.0)

    def campaign(self, name: str) -> int:
        return self.campaigns.index(name)

    def _day_name(self, day: float) -> str:
        return (self.first_day + timedelta(days=int(day))).isoformat()

    def _plan_sends(self) -> None:
        """Mailings: more of them where more events are wanted."""
        years = self.horizon / DAY / 365
        self.sends_per_lead = 15 * self.volume * years
        count = int(np.clip(round(30 * self.volume * years), 12, 600))
        days = (np.arange(count) + 0.3) * self.horizon / DAY / count
        self.send_times = np.floor(days) * DAY + (8 + np.arange(count) % 3) * 3600.0
        first = len(self.campaigns)
        for number, day in enumerate(days):
            name = "analytics-update" if number % 3 == 1 else "newsletter"
            self.campaigns.append(f"{name}-{self._day_name(day)}")
        self.send_campaigns = np.arange(first, len(self.campaigns))

    def _plan_webinars(self) -> None:
        days = np.arange(9, self.horizon / DAY, 14)
        self.webinar_times = days * DAY + 15 * 3600.0
        first = len(self.campaigns)
        for number, day in enumerate(days):
            line = words.WEBINAR_LINES[number % len(words.WEBINAR_LINES)]
            self.campaigns.append(f"{line}-webinar-{self._day_name(day)}")
        self.webinar_campaigns = np.arange(first, len(self.campaigns))

    def _plan_conferences(self) -> None:
        days = np.arange(40, self.horizon / DAY, 75)
        self.conference_times = days * DAY + 9 * 3600.0
        first = len(self.campaigns)
        for day in days:
            self.campaigns.append(f"conference-{self._day_name(day)[:7]}")
        self.conference_campaigns = np.arange(first, len(self.campaigns))

    def _kind_table(self) -> np.ndarray:
        """Cumulative shares of the web kinds, state by state in one rising row."""
        pages, intents = words.intent_tables()
        intents = intents * self.rare
        shares = pages * (1 - intents.sum(axis=1, keepdims=True)) + intents
        table = np.cumsum(shares, axis=1)
        table[:, -1] = 1.0
        return (table + np.arange(len(words.STATES))[:, None]).ravel()

    def to_microseconds(self, seconds: np.ndarray) -> np.ndarray:
        """Seconds of this world as microseconds since 1970, in whole milliseconds."""
        return self.epoch_us + np.floor(seconds * 1000).astype(np.int64) * 1000

    def working_hours(
        self, rng: np.random.Generator, days: np.ndarray, utc_offset: np.ndarray
    ) -> np.ndarray:
        """Times on these days, mostly in office hours of the place and rarely on weekends."""
        day = np.floor(days)
        weekday = (day.astype(np.int64) + self.first_day.weekday()) % 7
        moves = (weekday >= 5) & (rng.random(len(day)) < 0.75)
        day = day + np.where(moves, np.where(weekday == 5, -1, 1), 0)
        hour = 13 + 3.2 * rng.standard_normal(len(day)) - utc_offset
        return np.maximum(day, 0) * DAY + np.clip(hour, 0.5, 23.0) * 3600
