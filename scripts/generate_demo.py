"""Write demo data: a simulated B2B software pipeline as raw Parquet tables."""

import argparse
import logging
import sys
import time
from datetime import date
from pathlib import Path

from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.demo.generate import generate
from lead_scoring_tools.demo.world import EVENTS_PER_LEAD, Settings
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.places import in_project
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

EXAMPLE = """examples:
  python scripts/generate_demo.py
  python scripts/generate_demo.py --out data/large --leads 500000 --events 10000000
"""
logger = logging.getLogger("generate_demo")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the demo was written."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    try:
        options = _parse(arguments)
        settings = _settings(options)
        started = time.monotonic()
        rows = _generate_with_progress(settings, options.out)
    except UserMistakeError as mistake:
        print(mistake, file=sys.stderr)
        return 1
    except OSError as problem:
        print(UserMistakeError("--out", "a folder to write to", problem), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("[lead_scoring] interrupted; nothing was written.", file=sys.stderr)
        return 130
    for name, count in rows.items():
        logger.info("%-20s %14s rows", name, f"{count:,}")
    logger.info("written to %s in %.1f s", options.out, time.monotonic() - started)
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument(
        "--out", type=Path, default=in_project("data/demo"), help="folder to write (data/demo)"
    )
    parser.add_argument("--leads", default="5000", help="number of leads (5000)")
    parser.add_argument("--events", help=f"rows of raw_events, roughly ({EVENTS_PER_LEAD} a lead)")
    parser.add_argument("--seed", default="7", help="another seed, another world (7)")
    parser.add_argument("--until", default="2026-01-31", help="last day of the data (2026-01-31)")
    parser.add_argument("--days", default="365", help="days of history (365)")
    return parser.parse_args(arguments)


def _settings(options: argparse.Namespace) -> Settings:
    """The options as numbers and dates, if they make sense."""
    leads = _whole_number("--leads", options.leads, 100, 40_000_000)
    wanted = options.events or str(leads * EVENTS_PER_LEAD)
    return Settings(
        leads=leads,
        events=_whole_number("--events", wanted, 5 * leads, 1000 * leads),
        seed=_whole_number("--seed", options.seed, 0, 2**32 - 1),
        until=_date("--until", options.until),
        days=_whole_number("--days", options.days, 90, 3650),
    )


def _whole_number(name: str, text: str, low: int, high: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = None
    if number is None or not low <= number <= high:
        raise UserMistakeError(name, f"a whole number from {low} to {high}", repr(text))
    return number


def _date(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year <= 2200:
        raise UserMistakeError(name, "a date such as 2026-01-31", repr(text))
    return day


def _generate_with_progress(settings: Settings, out: Path) -> dict[str, int]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    console = Console(stderr=True)
    bar = Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar as progress:
        task = progress.add_task("starting", total=1.0)

        def report(activity: str, share: float) -> None:
            progress.update(task, description=activity, completed=share)

        return generate(settings, out, report)


if __name__ == "__main__":
    sys.exit(main())
