"""How well a score told the future: AUC, lift by decile, and how sure one can be of either."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

GROUPS = 10
Z_95 = 1.959963984540054
RESAMPLES = 10_000


@dataclass(frozen=True)
class Group:
    """Leads of neighbouring scores and what became of them."""

    leads: int
    conversions: float
    rate: float
    rate_low: float
    rate_high: float
    lift: float


@dataclass(frozen=True)
class Measurement:
    """A score against what happened; the bounds are 95 % intervals."""

    leads: int
    conversions: int
    auc: float
    auc_low: float
    auc_high: float
    top_decile_lift: float
    lift_low: float
    lift_high: float
    deciles: list[Group]


@dataclass(frozen=True)
class Difference:
    """By how much a figure is larger after than before; the bounds are a 95 % interval."""

    value: float
    low: float
    high: float


def measure(scores: np.ndarray, outcomes: np.ndarray) -> Measurement:
    """Everything about a score at once; needs ten leads, and nan is what has no answer."""
    deciles = decile_table(scores, outcomes)
    low, high = auc_interval(scores, outcomes)
    lift_low, lift_high = lift_interval(deciles[0], len(scores), int(np.sum(outcomes)))
    return Measurement(
        leads=len(scores),
        conversions=int(np.sum(outcomes)),
        auc=auc(scores, outcomes),
        auc_low=low,
        auc_high=high,
        top_decile_lift=deciles[0].lift,
        lift_low=lift_low,
        lift_high=lift_high,
        deciles=deciles,
    )


def auc(scores: np.ndarray, outcomes: np.ndarray) -> float:
    """The chance that a lead who converted scores above one who did not; ties count half."""
    wins, _ = _shares_beaten(scores, outcomes)
    return float(wins.mean()) if len(wins) else math.nan


def auc_interval(scores: np.ndarray, outcomes: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of the AUC by the variance of DeLong, DeLong and Clarke-Pearson (1988)."""
    wins, losses = _shares_beaten(scores, outcomes)
    if min(len(wins), len(losses)) < 2:
        return math.nan, math.nan
    variance = wins.var(ddof=1) / len(wins) + losses.var(ddof=1) / len(losses)
    centre, reach = float(wins.mean()), Z_95 * math.sqrt(variance)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def auc_difference(before: np.ndarray, after: np.ndarray, outcomes: np.ndarray) -> Difference:
    """By how much the AUC differs between two scores of the same leads (DeLong and others 1988).

    The leads being the same, what is luck in one AUC is much the same luck in the other.
    """
    (wins_before, losses_before), (wins_after, losses_after) = (
        _shares_beaten(scores, outcomes) for scores in (before, after)
    )
    if min(len(wins_before), len(losses_before)) < 2:
        return Difference(math.nan, math.nan, math.nan)
    wins, losses = wins_after - wins_before, losses_after - losses_before
    variance = wins.var(ddof=1) / len(wins) + losses.var(ddof=1) / len(losses)
    centre, reach = float(wins.mean()), Z_95 * math.sqrt(variance)
    return Difference(centre, centre - reach, centre + reach)


def wilson_interval(successes: float, trials: float, z: float = Z_95) -> tuple[float, float]:
    """The interval of a rate that also holds up where successes are few (Wilson 1927)."""
    if trials == 0:
        return math.nan, math.nan
    rate, weight = successes / trials, z * z / trials
    centre = (rate + weight / 2) / (1 + weight)
    reach = z * math.sqrt(rate * (1 - rate) / trials + weight / (4 * trials)) / (1 + weight)
    return max(0.0, centre - reach), min(1.0, centre + reach)


def decile_table(scores: np.ndarray, outcomes: np.ndarray, groups: int = GROUPS) -> list[Group]:
    """Leads from the highest scores to the lowest in groups of equal size.

    Leads of the same score share their conversions evenly, so that no order among them matters.
    """
    if len(scores) < groups:
        raise ValueError(f"{groups} groups need at least {groups} leads, found {len(scores)}")
    order = np.argsort(-scores, kind="stable")
    shared = _shared_within_ties(scores, outcomes)[order]
    base_rate = float(shared.mean())
    edges = [round(len(scores) * edge / groups) for edge in range(groups + 1)]
    return [
        _group(end - start, float(shared[start:end].sum()), base_rate)
        for start, end in pairwise(edges)
    ]


def lift_interval(
    top: Group, leads: int, conversions: int, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """The 95 % bootstrap interval of a group's lift, over leads drawn anew with the same cut."""
    if conversions == 0:
        return math.nan, math.nan
    # A sum of shares may miss its whole number by a rounding error.
    top_conversions = min(top.conversions, top.leads, conversions)
    rest = conversions - top_conversions
    cells = np.array([top_conversions, top.leads - top_conversions, rest, 0.0])
    cells[3] = max(leads - cells.sum(), 0.0)
    draws = np.random.default_rng(7).multinomial(leads, cells / cells.sum(), size=resamples)
    hits, misses, rest_hits = draws[:, 0], draws[:, 1], draws[:, 2]
    answerable = (hits + misses > 0) & (hits + rest_hits > 0)
    hits, misses, rest_hits = hits[answerable], misses[answerable], rest_hits[answerable]
    lifts = hits / (hits + misses) / ((hits + rest_hits) / leads)
    low, high = np.quantile(lifts, [0.025, 0.975])
    return float(low), float(high)


def _group(leads: int, conversions: float, base_rate: float) -> Group:
    low, high = wilson_interval(min(conversions, leads), leads)
    rate = conversions / leads
    lift = rate / base_rate if base_rate else math.nan
    return Group(leads, conversions, rate, low, high, lift)


def _shares_beaten(scores: np.ndarray, outcomes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each conversion the share of the others below it, and for each other the share of
    conversions above it; both empty where one of the two kinds is."""
    hit = np.asarray(outcomes, dtype=bool)
    hits, others = scores[hit], scores[~hit]
    if not len(hits) or not len(others):
        return np.empty(0), np.empty(0)
    wins = _below(others, hits) / len(others)
    losses = 1 - _below(hits, others) / len(hits)
    return wins, losses


def _below(values: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """How many values lie below each limit, equal ones counting half."""
    ordered = np.sort(values)
    return (
        np.searchsorted(ordered, limits, side="left")
        + np.searchsorted(ordered, limits, side="right")
    ) / 2


def _shared_within_ties(scores: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """Each lead's conversion, averaged over the leads of the same score."""
    _, tie = np.unique(scores, return_inverse=True)
    return (np.bincount(tie, weights=outcomes) / np.bincount(tie))[tie]
