"""The report for a terminal, as Markdown for a pull request, and as a page with charts."""

import html
import re
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .. import charts, pages
from .comparisons import ScorecardComparison
from .outcomes import BandRate, Outcomes
from .reports import (
    Chapter,
    Grid,
    Report,
    chapters,
    figures,
    headline,
)

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$@])")
BEFORE, AFTER = "before", "after"


def show(report: Report, console: Console) -> None:
    """Print the report, but for details."""
    console.print(_visible(headline(report)), markup=False)
    for label, value, note in figures(report):
        console.print(_visible(f"  {value:>12}  {label} ({note})"), markup=False)
    for chapter in chapters(report):
        console.print(f"\n{_visible(chapter.heading)}", markup=False, style="bold")
        for text in chapter.texts:
            console.print(_visible(text), markup=False)
        for grid in chapter.grids:
            console.print(_terminal_table(grid), markup=False)


def _terminal_table(grid: Grid) -> Table:
    table = Table(title=grid.caption or None, title_justify="left", box=SIMPLE)
    for place, name in enumerate(grid.columns):
        justify = "right" if grid.is_number(place) else "left"
        table.add_column(_visible(name), justify=justify)
    for row in grid.rows:
        table.add_row(*[Text(_visible(cell)) for cell in row])
    return table


def _visible(text: str) -> str:
    """Text without characters that would steer a terminal."""
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text
    )


def markdown(report: Report) -> str:
    """The report as Markdown, in which all text from data is text."""
    lines = ["## What if", "", _escaped(headline(report)) + ".", ""]
    lines += [f"- **{_escaped(sentence)}**" for sentence in report.broken_limits]
    lines += [
        f"- **{_escaped(value)}** {_escaped(label)} ({_escaped(note)})"
        for label, value, note in figures(report)
    ]
    for chapter in chapters(report):
        lines += ["", f"### {_escaped(chapter.heading)}", ""]
        lines += [line for text in chapter.texts for line in (_escaped(text), "")]
        for grid in chapter.grids:
            lines += markdown_table(grid)
        if chapter.details:
            lines += ["<details><summary>More</summary>", ""]
            for grid in chapter.details:
                lines += markdown_table(grid)
            lines += ["</details>"]
    return "\n".join(lines) + "\n"


def markdown_table(grid: Grid) -> list[str]:
    """A table in Markdown, below its caption."""
    marks = ["---:" if grid.is_number(place) else "---" for place in range(len(grid.columns))]
    rows = [grid.columns, marks, *grid.rows]
    lines = [
        "| " + " | ".join(cell if row is marks else _escaped(cell) for cell in row) + " |"
        for row in rows
    ]
    return [*([f"{_escaped(grid.caption)}:", ""] if grid.caption else []), *lines, ""]


def _escaped(text: str) -> str:
    """Text that stays text in Markdown, in HTML, and in a cell."""
    plain = html.escape(_visible(text).replace("\n", " "), quote=False)
    return MARKDOWN.sub(r"\\\1", plain)


def page(report: Report) -> pages.Page:
    """The report as a page with charts."""
    found = pages.Page("What if", headline(report))
    for sentence in report.broken_limits:
        found.add("", pages.warning(sentence))
    found.add(
        "At a glance",
        pages.figures(pages.Figure(label, value, note) for label, value, note in figures(report)),
    )
    cards = {f"Scorecard {card.scorecard}": card for card in report.comparison.scorecards}
    outcomes = {f"Forward in time: {outcome.scorecard}": outcome for outcome in report.outcomes}
    for chapter in chapters(report):
        extra = []
        if card := cards.get(chapter.heading):
            extra = _scorecard_charts(report, card)
        if outcome := outcomes.get(chapter.heading):
            extra = _outcome_charts(outcome)
        found.add(chapter.heading, *_page_parts(chapter, extra))
    return found


def _page_parts(chapter: Chapter, extra: list[str]) -> list[str]:
    parts = [*chapter.texts, *extra, *(_page_table(grid) for grid in chapter.grids)]
    if chapter.details:
        parts.append(pages.details("More tables", *(_page_table(grid) for grid in chapter.details)))
    return parts


def _page_table(grid: Grid) -> str:
    columns = [
        pages.Column(name, is_number=grid.is_number(place))
        for place, name in enumerate(grid.columns)
    ]
    return pages.table(columns, grid.rows, grid.caption)


def _scorecard_charts(report: Report, card: ScorecardComparison) -> list[str]:
    distribution = card.distribution
    bands = card.matrices["lead_band"]
    drawn = [
        charts.grouped_bars(
            bands.labels,
            {
                BEFORE: [sum(row) for row in bands.counts],
                AFTER: [sum(column) for column in zip(*bands.counts, strict=True)],
            },
            "Leads in each lead band",
        ),
        charts.histogram(
            distribution.edges,
            {BEFORE: distribution.before, AFTER: distribution.after},
            "Leads by lead score",
        ),
    ]
    queue = card.queue
    if queue.per_week_before is not None:
        drawn.append(
            charts.grouped_bars(
                [f"at once, on {report.comparison.first_day}", "per week after that"],
                {
                    BEFORE: [queue.first_day_before, queue.per_week_before],
                    AFTER: [queue.first_day_after, queue.per_week_after],
                },
                "Leads that enter the sales queue",
            )
        )
    return drawn


def _outcome_charts(outcome: Outcomes) -> list[str]:
    def estimate(rate: BandRate) -> charts.Estimate | None:
        return None if rate.rate is None else charts.Estimate(rate.rate, rate.low, rate.high)

    average = outcome.after.conversions / outcome.after.leads
    return [
        charts.intervals(
            [rate.band for rate in outcome.bands_after],
            {
                BEFORE: [estimate(rate) for rate in outcome.bands_before],
                AFTER: [estimate(rate) for rate in outcome.bands_after],
            },
            "Share of the leads of a band that converted, with 95 % intervals",
            reference=("all leads", average),
            number_format=charts.percent,
        )
    ]


def write_files(report: Report, folder: Path, text: str) -> list[Path]:
    """Write all forms of the report; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"what_if.{suffix}" for suffix in ("md", "json", "html")]
    files[0].write_text(markdown(report), encoding="utf-8")
    files[1].write_text(text + "\n", encoding="utf-8")
    page(report).write(files[2])
    return files
