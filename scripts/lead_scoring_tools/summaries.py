"""What a run came to, read from the public tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

Row = dict[str, Any]

BEST_LEADS = """
select
    lead_id, fit_score, engagement_score, lead_score, score_label, stage, next_action,
    top_reason_1, top_reason_2
from lead_scores
where scorecard = ? and not is_suppressed and not is_customer
order by lead_score desc, lead_id
limit 10
"""
BANDS = """
select
    scorecard, coalesce(lead_band, '(none)') as lead_band, count(*) as leads,
    min(lead_score) as lowest, max(lead_score) as highest
from lead_scores
group by all
order by scorecard, highest desc
"""
SCORECARDS = """
select
    scorecard, count(*) as leads, count(*) filter (where is_suppressed) as suppressed,
    count(*) filter (where is_customer) as customers
from lead_scores
group by scorecard
order by leads desc, scorecard
"""
ISSUES = """
select count(*) as issues, coalesce(sum(affected_rows), 0) as affected_rows
from data_quality_issues
"""


@dataclass(frozen=True)
class Summary:
    """Figures of one run; scores from 0 to 100."""

    as_of_date: str | None
    leads: int
    scorecards: list[Row]
    bands: list[Row]
    best_leads: list[Row]
    silent_rules: list[str]
    issues: int
    affected_rows: int


def summarise(database: Path) -> Summary:
    """Read the summary from the tables of the last run."""
    with duckdb.connect(str(database), read_only=True) as connection:
        scorecards = _rows(connection, SCORECARDS)
        main_scorecard = scorecards[0]["scorecard"] if scorecards else None
        leads, as_of = connection.execute(
            "select count(distinct lead_id), max(as_of_date) from lead_scores"
        ).fetchone() or (0, None)
        issues = _rows(connection, ISSUES)[0]
        silent = connection.execute(
            "select rule_id from scoring_rule_coverage where has_never_fired order by rule_id"
        ).fetchall()
        return Summary(
            as_of_date=str(as_of) if as_of else None,
            leads=leads,
            scorecards=scorecards,
            bands=_rows(connection, BANDS),
            best_leads=_rows(connection, BEST_LEADS, [main_scorecard]),
            silent_rules=[row[0] for row in silent],
            issues=issues["issues"],
            affected_rows=int(issues["affected_rows"]),
        )


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None
) -> list[Row]:
    cursor = connection.execute(query, parameters or [])
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def show(summary: Summary, console: Console) -> None:
    """Print the summary for a person."""
    console.print(f"\n[bold]{summary.leads:,} leads[/bold] scored as of {summary.as_of_date}")
    if not summary.leads:
        console.print("Nobody to score: raw_leads has no lead created up to that date.")
        return
    for row in summary.scorecards:
        console.print(_scorecard_line(row, summary.bands))
    console.print()
    console.print(_best_table(summary))
    if summary.silent_rules:
        console.print(f"Rules that matched nobody: {', '.join(summary.silent_rules)}")
    console.print(
        f"Left out or unreadable: {summary.affected_rows:,} rows of {summary.issues} kinds"
        " (table data_quality_issues says which and why)"
    )


def _scorecard_line(row: Row, bands: list[Row]) -> str:
    own = [band for band in bands if band["scorecard"] == row["scorecard"]]
    counts = ", ".join(f"{band['lead_band']} {band['leads']:,}" for band in own)
    return (
        f"  {row['scorecard']}: {row['leads']:,} leads ({counts}), of them"
        f" {row['suppressed']:,} suppressed, {row['customers']:,} customers already"
    )


def _best_table(summary: Summary) -> Table:
    scorecard = summary.scorecards[0]["scorecard"]
    table = Table(
        title=f"The ten best of {scorecard}", title_justify="left", title_style="bold", box=SIMPLE
    )
    for name in ("lead", "fit", "engaged", "score", "label", "stage"):
        is_number = name in ("fit", "engaged", "score")
        table.add_column(name, justify="right" if is_number else "left", no_wrap=True)
    table.add_column("why")
    for row in summary.best_leads:
        reasons = [row["top_reason_1"], row["top_reason_2"]]
        table.add_row(
            row["lead_id"],
            f"{row['fit_score']:.0f}",
            f"{row['engagement_score']:.0f}",
            f"{row['lead_score']:.1f}",
            row["score_label"] or "",
            row["stage"] or "",
            "\n".join(reason for reason in reasons if reason),
        )
    return table
