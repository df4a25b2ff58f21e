"""Measure how well a score told the future: who converted in the days after the scores' date."""

import argparse
import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path

from lead_scoring_tools.command_line import Parser, run
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.json_values import plain
from lead_scoring_tools.lift import Measurement, measure
from lead_scoring_tools.places import in_project
from lead_scoring_tools.score_tables import PURCHASE_TYPES, SCORES, ScoredLeads, read_scored_leads

EXAMPLE = """examples:
  python scripts/measure_lift.py --outcomes data/demo/future_conversions.parquet
  python scripts/measure_lift.py --database my.duckdb --outcomes won.csv --days 60 --json

The outcomes file has the columns lead_id and converted_at; where it has conversion_type too, the
types of --conversion-type count. Leads who were customers on the date are left out.
"""
logger = logging.getLogger("measure_lift")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if something was measured."""
    return run(_command, arguments)


def _command(arguments: list[str] | None) -> None:
    options = _parse(arguments)
    scored = read_scored_leads(
        options.database,
        options.outcomes,
        _days(options.days),
        scorecard=options.scorecard,
        conversion_types=options.conversion_type or PURCHASE_TYPES,
        leads=options.leads,
    )
    measured = measure(scored.scores[options.score], scored.outcomes)
    if options.json:
        print(json.dumps(_as_json(scored, measured, options.score), indent=2))
    else:
        _show(scored, measured, options.score)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--database",
        type=Path,
        default=in_project("lead_scoring.duckdb"),
        help="DuckDB file with lead_scores (lead_scoring.duckdb)",
    )
    parser.add_argument("--outcomes", type=Path, required=True, help="Parquet or CSV file")
    parser.add_argument("--days", default="30", help="days after the scores' date (30)")
    parser.add_argument("--scorecard", help="which scorecard, where there are several")
    parser.add_argument(
        "--score", choices=SCORES, default="lead_score", help="which score (lead_score)"
    )
    parser.add_argument(
        "--conversion-type",
        action="append",
        metavar="TYPE",
        help=f"a type that counts; may be given again ({', '.join(PURCHASE_TYPES)})",
    )
    parser.add_argument("--leads", type=Path, help="file of the lead_id to look at (everyone)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(arguments)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 3650:
        raise UserMistakeError("--days", "a whole number from 1 to 3650", f"'{text}'")
    return int(text)


def _show(scored: ScoredLeads, measured: Measurement, score: str) -> None:
    logger.info(
        "%s of scorecard %s as of %s, conversions up to %s",
        score,
        scored.scorecard,
        scored.as_of,
        scored.ends_on,
    )
    logger.info(
        "%s leads who were no customers, %s converted (%.2f %%); %s conversions of others",
        f"{measured.leads:,}",
        f"{measured.conversions:,}",
        100 * measured.conversions / measured.leads,
        f"{scored.conversions_elsewhere:,}",
    )
    logger.info("")
    logger.info("decile   leads  conversions    rate   95 % interval        lift")
    for number, group in enumerate(measured.deciles, start=1):
        logger.info(
            "%6d %7d %12.1f %6.2f %%  %5.2f to %5.2f %% %9.2f",
            number,
            group.leads,
            group.conversions,
            100 * group.rate,
            100 * group.rate_low,
            100 * group.rate_high,
            group.lift,
        )
    logger.info("")
    logger.info(
        "top-decile lift %.2f (95 %%: %.2f to %.2f)",
        measured.top_decile_lift,
        measured.lift_low,
        measured.lift_high,
    )
    logger.info("AUC %.3f (95 %%: %.3f to %.3f)", measured.auc, measured.auc_low, measured.auc_high)
    if scored.last_outcome_on is None or scored.last_outcome_on < scored.ends_on:
        logger.info(
            "Note: the last outcome in the file is of %s, before the window ends on %s.",
            scored.last_outcome_on or "no date",
            scored.ends_on,
        )


def _as_json(scored: ScoredLeads, measured: Measurement, score: str) -> dict[str, object]:
    """The figures; what has no answer is null."""
    report = {
        "scorecard": scored.scorecard,
        "score": score,
        "as_of_date": scored.as_of,
        "conversions_until": scored.ends_on,
        "last_outcome_on": scored.last_outcome_on,
        "conversions_elsewhere": scored.conversions_elsewhere,
        **asdict(measured),
    }
    return plain(report)


if __name__ == "__main__":
    sys.exit(main())
