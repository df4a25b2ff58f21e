"""The explanation of a lead in the terminal."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from rich.box import SIMPLE, Box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..charts import signed
from . import words
from .arithmetic import SCORES
from .explanations import Contribution, Explanation
from .words import tidy, two_decimals

MOST_IMPROVEMENTS = 8
MOST_TRANSITIONS = 6
SPARKS = "▁▂▃▄▅▆▇█"
ASCII_SPARKS = "_.-=+*%#"
TITLES = {"fit": "Fit: who the lead is", "engagement": "Engagement: what the lead did"}


def show(explanation: Explanation, console: Console) -> None:
    """Print the explanation for a person."""
    scores = explanation.scores
    console.rule(characters="-", style="dim")
    console.print(Text(tidy(scores["lead_id"]), "bold"), Text(words.about(explanation)))
    _say(console, f"Scorecard {tidy(scores['scorecard'])}, as of {scores['as_of_date']}\n")
    console.print(
        Text(words.headline(explanation), "bold"), Text(f"= {words.formula(explanation)}")
    )
    if words.action(explanation):
        _say(console, words.action(explanation), "bold")
    for alarm in words.alarms(explanation):
        _say(console, alarm, "bold red")
    for sentence in words.status(explanation):
        _say(console, sentence)
    for score in SCORES:
        console.print()
        console.print(_waterfall(explanation, score, console))
    _show_goals(explanation, console)
    _show_improvements(explanation, console)
    _show_history(explanation, console)


def _say(console: Console, text: str, style: str = "") -> None:
    """Print text as it is: no markup, no emoji codes."""
    console.print(Text(text, style))


def _waterfall(explanation: Explanation, score: str, console: Console) -> Table:
    width = 16 if console.width < 100 else 28
    value = explanation.scores[f"{score}_score"]
    band = explanation.scores[f"{score}_band"]
    title = f"{TITLES[score]}, {two_decimals(value)}" + (f" ({tidy(band)})" if band else "")
    table = _table(title, box=None, show_header=False)
    table.add_column(ratio=1)
    table.add_column(width=width, no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    bars = _Bars(explanation, score, width, console.options.ascii_only)
    for category in explanation.categories:
        if category.score != score:
            continue
        table.add_row(
            Text(words.category_title(category), "bold"), "", Text(signed(category.points), "bold")
        )
        for row in category.contributions:
            table.add_row(
                Padding(_label(row), (0, 0, 0, 2)),
                bars.step(row.points, row.is_cap),
                signed(row.points),
            )
    points = explanation.scores[f"{score}_points"]
    table.add_row(
        Text(words.total(explanation, score), "bold"),
        bars.total(points),
        Text(two_decimals(points), "bold"),
    )
    return table


def _label(row: Contribution) -> Group:
    notes = [] if row.is_cap else [tidy(row.rule_id), words.detail(row)]
    lines = [Text(tidy(row.reason))]
    if any(notes):
        lines.append(Text(": ".join(note for note in notes if note), "dim"))
    return Group(*lines)


class _Bars:
    """Bars of a waterfall on one scale, each starting where the last one ended."""

    def __init__(self, explanation: Explanation, score: str, width: int, is_ascii: bool) -> None:
        ends, position = [Decimal(0)], Decimal(0)
        for row in explanation.contributions(score):
            position += row.points
            ends.append(position)
        self.low, self.high = min(ends), max(ends)
        self.width, self.position = width, Decimal(0)
        self.block, self.limit = ("#", "~") if is_ascii else ("█", "░")

    def step(self, points: Decimal, is_cap: bool) -> Text:
        """A bar from the sum before to the sum after."""
        start, self.position = self.position, self.position + points
        style = "yellow" if is_cap else "green" if points >= 0 else "red"
        return self._bar(start, self.position, self.limit if is_cap else self.block, style)

    def total(self, points: Decimal) -> Text:
        """A bar from zero."""
        return self._bar(Decimal(0), points, self.block, "blue")

    def _bar(self, start: Decimal, end: Decimal, block: str, style: str) -> Text:
        if start == end or self.high == self.low:
            return Text("")
        first, last = sorted((self._place(start), self._place(end)))
        first = min(first, self.width - 1)
        return Text(" " * first + block * max(1, last - first), style)

    def _place(self, points: Decimal) -> int:
        return round(self.width * float((points - self.low) / (self.high - self.low)))


def _show_goals(explanation: Explanation, console: Console) -> None:
    if not explanation.goals:
        return
    table = _table("What is missing to the next band and stage")
    for name in ("next", "from", "missing"):
        table.add_column(name)
    for goal in explanation.goals:
        cells = (tidy(goal.name), words.asked_words(goal), words.goal_words(goal))
        table.add_row(*map(Text, cells))
    console.print()
    console.print(table)


def _show_improvements(explanation: Explanation, console: Console) -> None:
    changes = words.worthwhile(explanation.improvements)
    console.print()
    if changes:
        table = _table("What would raise the lead score most")
        table.add_column("if", ratio=1)
        table.add_column("points", justify="right", no_wrap=True)
        table.add_column("lead score", justify="right", no_wrap=True)
        chosen = words.shortlist(changes, MOST_IMPROVEMENTS)
        for change in chosen:
            label = Text(tidy(change.reason))
            for note in [words.what(change), *words.side_effects(change)]:
                label.append(f"\n{note}", "dim")
            after = f"{two_decimals(change.scores['lead'])} ({signed(change.gain)})"
            reached = "".join(f"\n{tidy(name)}" for name in change.reaches)
            table.add_row(label, signed(change.points), Text(after + reached))
        console.print(table)
        if len(changes) > len(chosen):
            _say(console, f"... and {len(changes) - len(chosen)} more with --html or --json.")
    _say(console, words.headroom(explanation), "dim")


def _table(title: str, box: Box | None = SIMPLE, show_header: bool = True) -> Table:
    return Table(
        title=Text(title, "bold"),
        title_justify="left",
        box=box,
        show_header=show_header,
        pad_edge=False,
        expand=True,
    )


def _show_history(explanation: Explanation, console: Console) -> None:
    console.print()
    values = daily_lead_scores(explanation)
    if len(values) < 2:
        _say(console, "No history yet: make backfill FROM=... records past dates.")
        return
    width = min(console.width - 14, 90, len(values))
    picked = [values[round(place * (len(values) - 1) / (width - 1))] for place in range(width)]
    sparks = ASCII_SPARKS if console.options.ascii_only else SPARKS
    line = "".join(
        " " if value is None else sparks[min(7, int(float(value) * 8 / 100))] for value in picked
    )
    first = explanation.history[0]["as_of_date"]
    known = [value for value in values if value is not None]
    _say(
        console,
        f"Lead score from {first} to {explanation.scores['as_of_date']},"
        f" lowest {two_decimals(min(known))}, highest {two_decimals(max(known))}",
        "bold",
    )
    _say(console, f"  0 to 100  {line}")
    for row in explanation.transitions[-MOST_TRANSITIONS:]:
        _say(console, f"  {row['transition_date']} {words.transition(row)}")


def daily_lead_scores(explanation: Explanation) -> Sequence[Decimal | None]:
    """The lead score of each date from the first recorded one on; None where it had none."""
    return list(_by_day(explanation))


def _by_day(explanation: Explanation) -> Iterator[Decimal | None]:
    if not explanation.history:
        return
    changes = {row["as_of_date"]: row["lead_score"] for row in explanation.history}
    day, value = explanation.history[0]["as_of_date"], None
    while day <= explanation.scores["as_of_date"]:
        value = changes.get(day, value)
        yield value
        day += timedelta(days=1)
