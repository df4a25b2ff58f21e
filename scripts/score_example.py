"""Score an example data set with the models of this project, and show what came of the leads."""

import argparse
import logging
import sys
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from lead_scoring_tools.command_line import Parser, run
from lead_scoring_tools.examples import (
    Example,
    build_scores,
    example_names,
    find_example,
    map_tables,
    read_baselines,
    scores_of_other_dates,
)
from lead_scoring_tools.histories import read_entry_outcomes, read_history
from lead_scoring_tools.lift import measure, wilson_interval
from lead_scoring_tools.score_tables import ScoredLeads, read_scored_leads

EXAMPLE = """examples:
  python scripts/score_example.py 365_data_science
  python scripts/score_example.py 365_data_science --all-dates
  LEAD_SCORING_EXAMPLE_DATA=~/data python scripts/score_example.py x_education

The data sets are not part of the project; each example's README says which files it takes.
"""
logger = logging.getLogger("score_example")


@dataclass
class Result:
    """A sample's leads on one date, by all the scores there are of them."""

    leads: ScoredLeads
    scores: dict[str, np.ndarray]


Results = dict[str, list[Result]]
"""One per date, by sample."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the example was scored, or its data set is not there."""
    return run(_command, arguments)


def _command(arguments: list[str] | None) -> None:
    options = _parse(arguments)
    example = find_example(options.name, options.out)
    if not example.source.is_dir():
        logger.info(
            "[lead_scoring] skipped: there is no folder %s; put the data set there, or set "
            "LEAD_SCORING_EXAMPLE_DATA to the folder that holds %s.",
            example.source,
            example.name,
        )
        return
    _map(example)
    _score(example)
    results: Results = {sample.name: [] for sample in example.samples}
    _measure_date(results, example, example.as_of, example.database)
    _show_history(example.database)
    _show_entries(example, example.database, example.history_from, example.as_of)
    if options.all_dates:
        days = {day for sample in example.samples for day in sample.dates} - {example.as_of}
        for day, database in scores_of_other_dates(example, sorted(days)):
            logger.info("  scored as of %s", day)
            _measure_date(results, example, day, database)
            if day == max(days) > example.as_of:
                _show_entries(example, database, example.as_of, day)
    results = {name: dates for name, dates in results.items() if dates}
    for name, dates in results.items():
        _show_bands(name, dates, example.evaluation["question"])
    _show_measurements(results)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument("name", choices=example_names(), help="folder of examples/")
    parser.add_argument("--out", type=Path, help="folder to write (data/examples/<name>)")
    parser.add_argument(
        "--all-dates",
        action="store_true",
        help="measure on every date of evaluation.yml, which takes a dbt run each",
    )
    return parser.parse_args(arguments)


def _map(example: Example) -> None:
    logger.info("mapping %s", example.name)
    for name, count in map_tables(example).items():
        logger.info("  %-16s %9s rows", name, f"{count:,}")


def _score(example: Example) -> None:
    logger.info("scoring as of %s", example.as_of)
    started = time.monotonic()
    leads = build_scores(example)
    seconds = time.monotonic() - started
    logger.info("  %s leads scored and tested in %.1f s", f"{leads:,}", seconds)


def _measure_date(results: Results, example: Example, day: date, database: Path) -> None:
    """Add the scores of a date to each sample that it belongs to."""
    for sample in example.samples:
        if day not in sample.dates:
            continue
        leads = read_scored_leads(database, example.outcomes, example.days, leads=sample.leads)
        # A score that is the same for everyone, as engagement without events, tells nothing.
        scores = {name: values for name, values in leads.scores.items() if np.ptp(values) > 0}
        baselines = read_baselines(example, day, leads.lead_ids)
        results[sample.name].append(Result(leads, scores | baselines))


def _show_history(database: Path) -> None:
    history = read_history(database)
    logger.info("")
    logger.info(
        "history of %s to %s: %s rows of %s leads",
        history.first,
        history.last,
        f"{history.rows:,}",
        f"{history.leads:,}",
    )
    logger.info("stage    entries   of the first date      exits   median days in stage")
    for stage in history.stages:
        logger.info(
            "%-6s %9s %19s %10s %22s",
            stage.stage,
            f"{stage.entries:,}",
            f"{stage.first_date_entries:,}",
            f"{stage.exits:,}",
            "unknown" if stage.median_days is None else f"{stage.median_days:g}",
        )


def _show_entries(example: Example, database: Path, after: date, last: date) -> None:
    """What became of those who entered a stage after a date of the history."""
    first = after + timedelta(days=1)
    groups = read_entry_outcomes(database, example.outcomes, example.days, first, last)
    if not any(group.name.startswith("entered") for group in groups):
        return
    logger.info("")
    logger.info(
        "leads of %s to %s, no customers on the day; %s",
        first,
        last,
        example.evaluation["question"],
    )
    logger.info("who                    leads        yes     rate   95 % interval")
    for group in groups:
        low, high = wilson_interval(group.conversions, group.leads)
        interval = f"{100 * low:5.2f} to {100 * high:5.2f} %" if group.is_independent else ""
        logger.info(
            "%-18s %9s %10s %6.2f %%  %s",
            group.name,
            f"{group.leads:,}",
            f"{group.conversions:,}",
            100 * group.conversions / group.leads,
            interval,
        )


def _show_bands(sample: str, dates: list[Result], question: str) -> None:
    bands, outcomes = _joined(dates, "bands"), _joined(dates, "outcomes")
    scores = np.concatenate([result.scores["lead_score"] for result in dates])
    logger.info("")
    logger.info(
        "%s sample: %s leads, no customers on %s; %s",
        sample,
        f"{len(bands):,}",
        dates[0].leads.as_of if len(dates) == 1 else f"each of {len(dates)} dates",
        question,
    )
    logger.info("band     leads        yes     rate   95 % interval")
    for band in sorted(set(bands), key=lambda band: -scores[bands == band].min()):
        hits = outcomes[bands == band]
        low, high = wilson_interval(int(hits.sum()), len(hits))
        logger.info(
            "%-6s %7s %10s %6.2f %%  %5.2f to %5.2f %%",
            band,
            f"{len(hits):,}",
            f"{hits.sum():,}",
            100 * hits.mean(),
            100 * low,
            100 * high,
        )


def _show_measurements(results: Results) -> None:
    """Each score over all dates as one ranking: a score means the same on each of them."""
    logger.info("")
    logger.info("sample  score                          top-decile lift (95 %)    AUC (95 %)")
    for sample, dates in results.items():
        outcomes = _joined(dates, "outcomes")
        for score in dates[0].scores:
            scores = np.concatenate([result.scores[score] for result in dates])
            found = measure(scores, outcomes)
            logger.info(
                "%-7s %-30s %5.2f (%.2f to %.2f)      %.3f (%.3f to %.3f)",
                sample,
                score,
                found.top_decile_lift,
                found.lift_low,
                found.lift_high,
                found.auc,
                found.auc_low,
                found.auc_high,
            )


def _joined(dates: list[Result], name: str) -> np.ndarray:
    return np.concatenate([getattr(result.leads, name) for result in dates])


if __name__ == "__main__":
    sys.exit(main())
