"""Explain the scores of one lead: which rules gave how much, what faded, what would raise it."""

import io
import json
import sys
from pathlib import Path

from lead_scoring_tools.command_line import Parser, run
from lead_scoring_tools.explaining.explanations import as_json, explain
from lead_scoring_tools.explaining.page import lead_page
from lead_scoring_tools.explaining.text import show
from lead_scoring_tools.run_settings import database_file
from rich.console import Console

EXAMPLE = """examples:
  python scripts/explain_lead.py L10004440
  python scripts/explain_lead.py L10004440 --html lead.html
  python scripts/explain_lead.py L10004440 --scorecard b2b_saas --json
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if the lead was explained."""
    return run(explain_lead, arguments)


def explain_lead(arguments: list[str] | None) -> None:
    """Read the explanation and show it."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument("lead_id", help="the lead's id, as in raw_leads")
    parser.add_argument("--scorecard", help="only this one (all that the lead is on)")
    parser.add_argument(
        "--database",
        type=Path,
        help="DuckDB file of the scores (LEAD_SCORING_DUCKDB, or lead_scoring.duckdb)",
    )
    parser.add_argument(
        "--html",
        type=Path,
        nargs="?",
        const=Path("lead_explanation.html"),
        metavar="FILE",
        help="write a page as well (lead_explanation.html)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    found = explain(options.database or database_file(), options.lead_id, options.scorecard)
    if options.html:
        lead_page(found).write(options.html)
    if options.json:
        print(json.dumps([as_json(explanation) for explanation in found], indent=2))
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal may lack characters that a name has.
        sys.stdout.reconfigure(errors="replace")
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    for explanation in found:
        show(explanation, console)
    if options.html:
        console.print(f"The page: {options.html}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
