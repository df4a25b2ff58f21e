"""Accounts, leads and anonymous visitors of one chunk, as they really are."""

from dataclasses import dataclass

import numpy as np

from . import truth
from . import vocabulary as words
from .world import DAY, World

LEADS_PER_ACCOUNT = 3.4
GHOST_SHARE = 0.12


@dataclass
class Accounts:
    """Companies; codes point into the vocabulary."""

    first_number: int
    country: np.ndarray
    industry: np.ndarray
    size_band: np.ndarray
    employees: np.ndarray
    technologies: np.ndarray
    is_rival: np.ndarray

    def __len__(self) -> int:
        return len(self.country)

    @property
    def has_warehouse(self) -> np.ndarray:
        bits = sum(1 << words.TECHNOLOGIES.index(name) for name in words.WAREHOUSES)
        return (self.technologies & bits) > 0


@dataclass
class People:
    """Leads, followed by ghosts: visitors who never tell their name."""

    first_number: int
    leads: int
    role: np.ndarray
    account: np.ndarray
    country: np.ndarray
    seniority: np.ndarray
    department: np.ndarray
    has_free_mail: np.ndarray
    attribute_effect: np.ndarray
    created: np.ndarray
    activity: np.ndarray
    device: np.ndarray
    hunts_job: np.ndarray
    gets_mail: np.ndarray
    open_rate: np.ndarray
    has_dead_mailbox: np.ndarray
    scanner: np.ndarray
    links: np.ndarray

    def __len__(self) -> int:
        return len(self.role)

    @property
    def is_lead(self) -> np.ndarray:
        return np.arange(len(self)) < self.leads


def pick(rng: np.random.Generator, shares: tuple[float, ...], size: int) -> np.ndarray:
    """Codes drawn with these shares."""
    edges = np.cumsum(shares) / np.sum(shares)
    edges[-1] = 1.0
    return np.searchsorted(edges, rng.random(size), side="right").astype(np.int16)


def make_accounts(rng: np.random.Generator, leads: int, first_number: int) -> Accounts:
    """Companies for a chunk of leads; a few will stay without a lead."""
    count = max(int(leads / LEADS_PER_ACCOUNT), 3)
    size_band = pick(rng, words.SIZE_SHARES, count)
    low = np.array([band[0] for band in words.SIZE_BANDS])[size_band]
    high = np.array([band[1] for band in words.SIZE_BANDS])[size_band]
    employees = np.floor(low * (high / low) ** rng.random(count)).astype(np.int64)
    chance = np.array(words.TECHNOLOGY_SHARES)
    has = rng.random((count, len(chance))) < chance
    return Accounts(
        first_number=first_number,
        country=pick(rng, words.COUNTRY_SHARES, count),
        industry=pick(rng, words.INDUSTRY_SHARES, count),
        size_band=size_band,
        employees=employees,
        technologies=has @ (1 << np.arange(len(chance))),
        is_rival=np.arange(count) < np.ceil(count * 0.002),
    )


def make_people(
    rng: np.random.Generator, world: World, accounts: Accounts, first_number: int, leads: int
) -> People:
    """The leads of a chunk and the ghosts that visit beside them."""
    count = leads + int(leads * GHOST_SHARE)
    is_lead = np.arange(count) < leads
    role = _roles(rng, world, leads, count, first_number == 0)
    free_mail = (rng.random(count) < 0.08) | np.isin(role, (words.STUDENT, words.BOT))
    free_mail &= ~np.isin(role, (words.COMPETITOR, words.TEST_ACCOUNT, words.EMPLOYEE))
    account = _employers(rng, accounts, role, free_mail, is_lead)
    country = np.where(
        (account >= 0) & (rng.random(count) < 0.9),
        accounts.country[account],
        pick(rng, words.COUNTRY_SHARES, count),
    )
    seniority = pick(rng, words.SENIORITY_SHARES, count)
    department = pick(rng, words.DEPARTMENT_SHARES, count)
    return People(
        first_number=first_number,
        leads=leads,
        role=role,
        account=account,
        country=country,
        seniority=seniority,
        department=department,
        has_free_mail=free_mail,
        attribute_effect=_effects(accounts, account, country, seniority, department, free_mail),
        created=np.where(is_lead, _created(rng, world, count), np.inf),
        activity=np.exp(rng.normal(-0.7, 1.2, count)),
        device=pick(rng, words.DEVICE_SHARES, count),
        hunts_job=(rng.random(count) < 0.02) & (role == words.ORDINARY),
        gets_mail=is_lead & (rng.random(count) < 0.45) & (role != words.BOT),
        open_rate=0.85 * rng.random(count) ** 1.8,
        has_dead_mailbox=rng.random(count) < 0.015,
        scanner=pick(rng, (0.97, 0.02, 0.01), count),
        links=_links(rng, is_lead),
    )


def _roles(
    rng: np.random.Generator, world: World, leads: int, count: int, is_first: bool
) -> np.ndarray:
    """Mostly ordinary people; of every other role at least one in the first chunk."""
    per_lead = world.settings.events_per_lead
    shares = {**words.ROLE_SHARES, words.BOT: min(0.02 * per_lead / 250, 0.004)}
    role = np.full(count, words.ORDINARY, dtype=np.int8)
    order = rng.permutation(leads)
    for code, share in shares.items():
        number = max(int(leads * share + rng.random()), 2 * is_first)
        role[order[:number]] = code
        order = order[number:]
    ghost_bots = max(int((count - leads) * shares[words.BOT] * 4 + rng.random()), int(is_first))
    role[leads : leads + ghost_bots] = words.BOT
    return role


def _employers(
    rng: np.random.Generator,
    accounts: Accounts,
    role: np.ndarray,
    free_mail: np.ndarray,
    is_lead: np.ndarray,
) -> np.ndarray:
    """The account of each person; larger companies have more contacts, some people have none."""
    weight = accounts.employees**0.3 * (rng.random(len(accounts)) > 0.08)
    edges = np.cumsum(weight) / weight.sum()
    edges[-1] = 1.0
    account = np.searchsorted(edges, rng.random(len(role)), side="right").astype(np.int32)
    alone = (rng.random(len(role)) < np.where(free_mail, 0.6, 0.04)) | ~is_lead
    alone |= np.isin(role, (words.BOT, words.TEST_ACCOUNT, words.EMPLOYEE))
    account[alone] = -1
    rivals = np.flatnonzero(accounts.is_rival)
    works_for_rival = accounts.is_rival[account] & (account >= 0)
    account[works_for_rival & (role != words.COMPETITOR)] = -1
    account[role == words.COMPETITOR] = rng.choice(rivals, int((role == words.COMPETITOR).sum()))
    return account


def _effects(
    accounts: Accounts,
    account: np.ndarray,
    country: np.ndarray,
    seniority: np.ndarray,
    department: np.ndarray,
    free_mail: np.ndarray,
) -> np.ndarray:
    """The sum of the true attribute effects of each person."""
    tables = truth.attribute_tables()
    of_account = (
        tables["industry"][accounts.industry]
        + tables["size"][accounts.size_band]
        + truth.WAREHOUSE_EFFECT * accounts.has_warehouse
    )
    return (
        np.where(account >= 0, of_account[account], 0.0)
        + tables["seniority"][seniority]
        + tables["department"][department]
        + truth.FREE_MAIL_EFFECT * free_mail
        + truth.UNSERVED_COUNTRY_EFFECT * np.isin(country, words.UNSERVED)
    )


def _created(rng: np.random.Generator, world: World, count: int) -> np.ndarray:
    """When a lead is known at the latest: from a year before the first day until the last."""
    return rng.uniform(-365 * DAY, world.end - DAY, count)


def _links(rng: np.random.Generator, is_lead: np.ndarray) -> np.ndarray:
    """Whether each person's first and second device is ever linked to the lead."""
    chances = rng.random((2, len(is_lead))) < np.array([[0.9], [0.5]])
    return chances & is_lead
