"""How well the scores of both rule sets told who would convert, forward in time."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from ..dbt_runs import PROJECT
from ..errors import UserMistakeError
from ..lift import Difference, Measurement, auc_difference, measure, wilson_interval
from ..score_tables import ScoredLeads, read_scored_leads
from .replays import Replay, Side, attached

SCORE = "lead_score"


@dataclass(frozen=True)
class BandRate:
    """The leads of a band, and how many of them converted; the bounds are a 95 % interval."""

    band: str
    leads: int
    conversions: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Outcomes:
    """Scores of a date against the conversions of the days after it, on one scorecard."""

    scorecard: str
    as_of: date
    ends_on: date
    before: Measurement
    after: Measurement
    auc_change: Difference
    """On the leads that both rule sets score, which makes it surer than either value."""
    bands_before: list[BandRate]
    bands_after: list[BandRate]


def measure_outcomes(
    replay: Replay,
    base: Side,
    candidate: Side,
    scorecards: Mapping[str, list[str]],
    outcomes: Path | None,
    days: int,
) -> list[Outcomes]:
    """What there is to measure, for scorecards with their bands from the least to the most.

    With a file of outcomes, the scores are those of the last run. Without one, both rule sets are
    taken as of so many days earlier, and conversions since then are those of raw_conversions.
    """
    as_of = replay.production.as_of
    file = outcomes
    if file is None:
        as_of -= timedelta(days=days)
        file = replay.scratch / "conversions.parquet"
        if not _write_conversions(replay, base, file, as_of):
            return []
    types = _purchase_types(replay.production.settings)
    databases = [_score_file(replay, side, as_of) for side in (base, candidate)]
    found = []
    for scorecard, bands in scorecards.items():
        try:
            before, after = (
                read_scored_leads(database, file, days, scorecard, types) for database in databases
            )
        except UserMistakeError:
            if outcomes is not None and len(scorecards) == 1:
                raise
            # A scorecard of one side only, or with next to no leads.
            continue
        if before.outcomes.any() and after.outcomes.any():
            found.append(_compared(scorecard, bands, before, after))
    return found


def refuse_unscored(days: int, replayed_days: int) -> None:
    """Refuse days before the last run for which no scores are made."""
    if days not in (7, 30) and not 0 < days < replayed_days:
        raise UserMistakeError(
            "--outcome-days",
            f"7, 30, or less than --days ({replayed_days}), where no --outcomes are given",
            days,
            "Correct it.",
        )


def _write_conversions(replay: Replay, base: Side, file: Path, as_of: date) -> int:
    """The conversions that the warehouse knows; how many lie after the date."""
    conversions = f"from {replay.relation(base, 'stg_raw__conversions')} where not is_deleted"
    replay.connection.execute(
        f"copy (select lead_id, conversion_type, converted_at {conversions})"
        f" to '{str(file).replace(chr(39), chr(39) * 2)}' (format parquet)"
    )
    (later,) = replay.connection.execute(
        f"select count(*) {conversions} and cast(converted_at as date) > ?", [as_of]
    ).fetchone() or (0,)
    return later


def _score_file(replay: Replay, side: Side, as_of: date) -> Path:
    """A database of the scores of a side as of a date, as measure_lift reads it.

    It lies beside the database of the side, and lasts as long.
    """
    file = side.file.with_name(f"{side.file.stem}_{as_of}.duckdb")
    if not file.exists():
        draft, name = file.with_suffix(f".{os.getpid()}"), f"{side.database}_scores"
        with attached(replay.connection, draft, name):
            _write_scores(replay, side, as_of, f'create table "{name}".lead_scores as')
        draft.rename(file)
    return file


def _write_scores(replay: Replay, side: Side, as_of: date, target: str) -> None:
    for other, touched in side.touched.items():
        if "lead_scores" not in touched.tables:
            continue
        (other_side,) = (known for known in replay.sides if known.database == other)
        file, name = _score_file(replay, other_side, as_of), f"{other}_scores"
        with attached(replay.connection, file, name, "(read_only)"):
            replay.connection.execute(
                f'{target} from "{name}".lead_scores anti join {touched.leads} using (lead_id)'
                f" union all by name"
                f" ({replay.sql_of_leads(side, 'lead_scores', touched.leads, as_of)})"
            )
        return
    replay.connection.execute(f"{target} {replay.sql(side, 'lead_scores', as_of)}")


def _purchase_types(settings: Mapping[str, Any]) -> list[str]:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return settings.get("purchase_types") or project["vars"]["purchase_types"]


def _compared(
    scorecard: str, bands: list[str], before: ScoredLeads, after: ScoredLeads
) -> Outcomes:
    _, ours, theirs = np.intersect1d(before.lead_ids, after.lead_ids, return_indices=True)
    return Outcomes(
        scorecard=scorecard,
        as_of=before.as_of,
        ends_on=before.ends_on,
        before=measure(before.scores[SCORE], before.outcomes),
        after=measure(after.scores[SCORE], after.outcomes),
        auc_change=auc_difference(
            before.scores[SCORE][ours], after.scores[SCORE][theirs], before.outcomes[ours]
        ),
        bands_before=_band_rates(before, bands),
        bands_after=_band_rates(after, bands),
    )


def _band_rates(scored: ScoredLeads, bands: list[str]) -> list[BandRate]:
    rates = []
    for band in bands:
        chosen = scored.bands == band
        leads, conversions = int(chosen.sum()), int(scored.outcomes[chosen].sum())
        low, high = wilson_interval(conversions, leads) if leads else (None, None)
        rate = conversions / leads if leads else None
        rates.append(BandRate(band, leads, conversions, rate, low, high))
    return rates
