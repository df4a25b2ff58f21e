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
TRENDS = """
select scorecard, score_trend, count(*) as leads
from lead_scores
group by all
order by scorecard, leads desc, score_trend
"""
MOVES = """
with

previous_run as (

    select coalesce(max(run_date), date '0001-01-01') as run_date
    from main_intermediate.int_dates_recorded
    where run_date < ?

)

select
    transitions.scorecard, transitions.stage,
    count(*) filter (where transitions.transition = 'entry') as entries,
    count(*) filter (where transitions.transition = 'exit') as exits
from lead_stage_transitions as transitions
cross join previous_run
where transitions.transition_date > previous_run.run_date and transitions.transition_date <= ?
group by all
order by transitions.scorecard, entries desc, transitions.stage
"""
HELD = """
select scorecard, count(*) filter (where is_mql) as mqls, count(*) filter (where is_sql) as sqls
from lead_scores
group by scorecard
"""
RECORDED = """
select min(score_date) as first_date, count(*) as dates
from main_intermediate.int_dates_recorded
"""
SALES_QUEUE = """
select
    queue_rank, lead_id, company_name, job_title, lead_score, score_label, score_trend,
    is_reentry, entered_on, next_action, top_reason_1, top_reason_2
from sales_queue
where scorecard = ?
order by queue_rank
limit 10
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
    trends: list[Row]
    stages_held: list[Row]
    stage_moves: list[Row]
    recorded_dates: int
    recorded_since: str | None
    best_leads: list[Row]
    sales_queue: list[Row]
    sales_queue_length: int
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
        recorded = _rows(connection, RECORDED)[0]
        (queue_length,) = connection.execute(
            "select count(*) from sales_queue where scorecard = ?", [main_scorecard]
        ).fetchone() or (0,)
        silent = connection.execute(
            "select rule_id from scoring_rule_coverage where has_never_fired order by rule_id"
        ).fetchall()
        return Summary(
            as_of_date=str(as_of) if as_of else None,
            leads=leads,
            scorecards=scorecards,
            bands=_rows(connection, BANDS),
            trends=_rows(connection, TRENDS),
            stages_held=_rows(connection, HELD),
            stage_moves=_rows(connection, MOVES, [as_of, as_of]),
            recorded_dates=recorded["dates"],
            recorded_since=str(recorded["first_date"]) if recorded["dates"] else None,
            best_leads=_rows(connection, BEST_LEADS, [main_scorecard]),
            sales_queue=_rows(connection, SALES_QUEUE, [main_scorecard]),
            sales_queue_length=queue_length,
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
        console.print(_trend_line(row["scorecard"], summary))
        console.print(_stage_line(row["scorecard"], summary))
    console.print(
        f"  The history has {summary.recorded_dates:,} dates, from {summary.recorded_since}."
    )
    console.print()
    if summary.sales_queue:
        console.print(_queue_table(summary))
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


def _trend_line(scorecard: str, summary: Summary) -> str:
    own = [row for row in summary.trends if row["scorecard"] == scorecard]
    return "    engagement: " + ", ".join(f"{row['score_trend']} {row['leads']:,}" for row in own)


def _stage_line(scorecard: str, summary: Summary) -> str:
    held = next(row for row in summary.stages_held if row["scorecard"] == scorecard)
    moves = [
        f"{row['entries']:,} entered and {row['exits']:,} left {row['stage']}"
        for row in summary.stage_moves
        if row["scorecard"] == scorecard
    ]
    return f"    {held['mqls']:,} MQL and {held['sqls']:,} SQL; since the run before: " + (
        ", ".join(moves) or "nobody entered or left a stage"
    )


def _queue_table(summary: Summary) -> Table:
    scorecard = summary.scorecards[0]["scorecard"]
    shown, length = len(summary.sales_queue), summary.sales_queue_length
    table = _table(f"The sales queue of {scorecard}, {shown} of {length:,} (table sales_queue)")
    table.add_column("", justify="right", no_wrap=True)
    for name in ("lead", "company", "title"):
        table.add_column(name, no_wrap=True, max_width=26)
    table.add_column("score", justify="right", no_wrap=True)
    for name in ("label", "trend", "entered"):
        table.add_column(name, no_wrap=True)
    table.add_column("why and what next")
    for row in summary.sales_queue:
        table.add_row(
            str(row["queue_rank"]),
            row["lead_id"],
            row["company_name"] or "",
            row["job_title"] or "",
            f"{row['lead_score']:.1f}",
            row["score_label"] or "",
            row["score_trend"],
            f"{row['entered_on']}" + (" again" if row["is_reentry"] else ""),
            "\n".join(text for text in (row["top_reason_1"], row["next_action"]) if text),
        )
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=SIMPLE)


def _best_table(summary: Summary) -> Table:
    scorecard = summary.scorecards[0]["scorecard"]
    table = _table(f"The ten best of {scorecard}")
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
