"""Charts for pages: text is HTML, so that it stays readable on a phone; lines are inline SVG.

Each function returns markup for `Page.add`. Every chart has a caption that says what it shows, and
every value of it stands as text in the page too.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import SupportsFloat

from markupsafe import Markup

from .pages import render

Format = Callable[[float], str]


def plain(value: float) -> str:
    """A number without needless decimals: 1,234 and 0.25."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"


def signed(value: SupportsFloat) -> str:
    """A number with its sign and two decimals: +8.00, -2.50, 0.00."""
    number = round(float(value), 2)
    return f"{number:+,.2f}" if number else "0.00"


def percent(value: float) -> str:
    """A share as a percentage: 0.123 is 12.3 %."""
    return f"{100 * value:.1f} %"


@dataclass(frozen=True)
class Scale:
    """Values from low to high, as percentages of the width or height that they have."""

    low: float
    high: float
    ticks: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float], has_zero: bool = True, most_ticks: int = 5) -> "Scale":
        """A scale with round ends that holds all values."""
        known = [value for value in values if math.isfinite(value)] + ([0.0] if has_zero else [])
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        if low == high:
            low, high = (low, low + 1) if low >= 0 else (low, low + abs(low))
        step = _round_step((high - low) / (most_ticks - 1))
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        ticks = tuple(round(number * step, 10) for number in range(first, last + 1))
        return cls(ticks[0], ticks[-1], ticks)

    def at(self, value: float) -> float:
        """Where a value lies, from 0 to 100."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 3)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 ... that is no smaller than `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= least * (1 - 1e-9)
    )


@dataclass(frozen=True)
class Step:
    """A row of a waterfall. `kind`: step adds its value to what came before, cap does too and is
    drawn as a limit, total is drawn from zero and starts the next steps, group is the heading of
    the steps after it and has no bar."""

    label: str
    value: float
    note: str = ""
    kind: str = "step"
    value_text: str = ""
    """Shown instead of the value in `number_format`."""


def waterfall(
    steps: Sequence[Step],
    caption: str,
    label: str = "rule",
    value_label: str = "points",
    number_format: Format = signed,
) -> Markup:
    """Steps up and down from zero, with totals between, as a table with bars."""
    spans, position = [], 0.0
    for step in steps:
        start = 0.0 if step.kind == "total" else position
        if step.kind != "group":
            position = start + step.value
        spans.append((start, position))
    ends = [0.0, *(end for span in spans for end in span)]
    scale = Scale(min(ends), max(ends) if any(ends) else 1.0, ())
    rows = [
        {
            "step": step,
            "left": scale.at(min(span)),
            "width": round(scale.at(max(span)) - scale.at(min(span)), 3),
            "tone": step.kind if step.kind != "step" else "up" if step.value >= 0 else "down",
            "text": step.value_text
            or (plain(step.value) if step.kind == "total" else number_format(step.value)),
        }
        for step, span in zip(steps, spans, strict=True)
    ]
    return render(
        "waterfall.html",
        rows=rows,
        zero=scale.at(0),
        caption=caption,
        label=label,
        value_label=value_label,
    )


@dataclass(frozen=True)
class Line:
    """A named line; `is_stepped` keeps a value until the next date instead of sloping to it."""

    name: str
    points: Sequence[tuple[date, float]]
    is_stepped: bool = True


@dataclass(frozen=True)
class Mark:
    """Something that happened on a date; `tone` is good, bad or empty."""

    on: date
    text: str
    tone: str = ""


def lines(
    series: Sequence[Line],
    caption: str,
    marks: Sequence[Mark] = (),
    levels: Mapping[str, float] | None = None,
    value_range: tuple[float, float] | None = None,
    number_format: Format = plain,
) -> Markup:
    """Values over time. `levels` are named horizontal lines, such as the start of a band."""
    levels = levels or {}
    days = [day for line in series for day, _ in line.points] + [mark.on for mark in marks]
    if not days:
        return render("parts.html", kind="note", text=f"{caption}: nothing is recorded yet.")
    first, last = min(days), max(days)
    if first == last:
        first -= timedelta(days=1)
    values = [value for line in series for _, value in line.points] + list(levels.values())
    scale = Scale.of(value_range or values)
    width = (last - first).days

    def across(day: date) -> float:
        return round(100 * (day - first).days / width, 3)

    return render(
        "lines.html",
        caption=caption,
        series=[(line, _path(line, across, scale)) for line in series],
        marks=[(mark, across(mark.on)) for mark in marks],
        levels=[(name, scale.at(value), number_format(value)) for name, value in levels.items()],
        value_ticks=[(number_format(tick), scale.at(tick)) for tick in scale.ticks],
        date_ticks=[(text, across(day)) for day, text in date_ticks(first, last)],
        table=_values_by_date(series, number_format),
    )


def _path(line: Line, across: Callable[[date], float], scale: Scale) -> str:
    path, height = "", 0.0
    for day, value in sorted(line.points):
        left, top = across(day), round(100 - scale.at(value), 3)
        if path and line.is_stepped:
            path += f" L{left} {height}"
        path += f"{' L' if path else 'M'}{left} {top}"
        height = top
    return path


def _values_by_date(series: Sequence[Line], number_format: Format) -> list[list[str]]:
    known = [dict(line.points) for line in series]
    days = sorted({day for values in known for day in values}, reverse=True)
    return [
        [str(day), *[number_format(values[day]) if day in values else "" for values in known]]
        for day in days
    ]


def date_ticks(first: date, last: date, most: int = 5) -> list[tuple[date, str]]:
    """A few round dates from first to last, with their texts."""
    days = (last - first).days
    if days <= 62:
        step = next((step for step in (1, 2, 7, 14) if days / step < most), 14)
        ticks = [first + timedelta(days=number) for number in range(0, days + 1, step)]
        return [(day, f"{day.day} {day:%b}") for day in ticks]
    months = first.year * 12 + first.month - (1 if first.day == 1 else 0)
    until = last.year * 12 + last.month - 1
    step = next((step for step in (1, 2, 3, 6, 12) if (until - months) / step < most), 0)
    step = step or 12 * math.ceil((until - months) / 12 / most)
    start = math.ceil(months / step) * step
    ticks = [date(number // 12, number % 12 + 1, 1) for number in range(start, until + 1, step)]
    return [
        (day, f"{day:%b %Y}" if day == ticks[0] or day.month == 1 or step == 12 else f"{day:%b}")
        for day in ticks
    ]


def grouped_bars(
    labels: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    caption: str,
    number_format: Format = plain,
) -> Markup:
    """Bars beside each other: for each label one bar of each series, such as before and after."""
    scale = Scale.of(value for values in series.values() for value in values if value is not None)
    rows = [
        (
            label,
            [_bar(name, values[number], scale, number_format) for name, values in series.items()],
        )
        for number, label in enumerate(labels)
    ]
    return render(
        "grouped_bars.html", rows=rows, names=list(series), caption=caption, zero=scale.at(0)
    )


def _bar(name: str, value: float | None, scale: Scale, number_format: Format) -> dict[str, object]:
    if value is None:
        return {"name": name, "left": None, "width": None, "text": "-"}
    ends = sorted((scale.at(0), scale.at(value)))
    return {
        "name": name,
        "left": ends[0],
        "width": round(ends[1] - ends[0], 3),
        "text": number_format(value),
    }


def histogram(
    edges: Sequence[float],
    series: Mapping[str, Sequence[float]],
    caption: str,
    levels: Mapping[str, float] | None = None,
    number_format: Format = plain,
) -> Markup:
    """Counts per bin, one column per series in each bin. There is one edge more than bins;
    `levels` are named vertical lines, such as the start of a band."""
    scale = Scale.of(value for values in series.values() for value in values)
    first, last = edges[0], edges[-1]

    def across(value: float) -> float:
        return round(100 * (value - first) / (last - first), 3)

    columns = []
    for place, (name, values) in enumerate(series.items()):
        for (low, high), value in zip(pairwise(edges), values, strict=True):
            slot = (across(high) - across(low)) * 0.9 / len(series)
            columns.append(
                {
                    "place": place,
                    "left": round(
                        across(low) + (across(high) - across(low)) * 0.05 + place * slot, 3
                    ),
                    "width": round(slot, 3),
                    "height": scale.at(value),
                    "title": f"{name}, {plain(low)} to {plain(high)}: {number_format(value)}",
                }
            )
    bins = [f"{plain(low)} to {plain(high)}" for low, high in pairwise(edges)]
    counts = zip(*series.values(), strict=True)
    return render(
        "histogram.html",
        caption=caption,
        names=list(series),
        columns=columns,
        levels=[(name, across(value), plain(value)) for name, value in (levels or {}).items()],
        value_ticks=[(number_format(tick), scale.at(tick)) for tick in scale.ticks],
        edge_ticks=[
            (plain(tick), across(tick))
            for tick in Scale.of((first, last), has_zero=False, most_ticks=6).ticks
            if first <= tick <= last
        ],
        table=[[label, *map(number_format, row)] for label, row in zip(bins, counts, strict=True)],
    )


@dataclass(frozen=True)
class Estimate:
    """A value and the interval in which the truth is likely to lie."""

    value: float
    low: float
    high: float


def intervals(
    labels: Sequence[str],
    series: Mapping[str, Sequence[Estimate | None]],
    caption: str,
    reference: tuple[str, float] | None = None,
    has_zero: bool = True,
    number_format: Format = plain,
) -> Markup:
    """Dots with intervals: for each label one of each series. `reference` is a named vertical line,
    such as the average."""
    known = [
        end
        for estimates in series.values()
        for estimate in estimates
        if estimate is not None
        for end in (estimate.value, estimate.low, estimate.high)
    ]
    scale = Scale.of([*known, *([reference[1]] if reference else [])], has_zero)
    rows = [
        (
            label,
            [
                _dot(name, estimates[number], scale, number_format)
                for name, estimates in series.items()
            ],
        )
        for number, label in enumerate(labels)
    ]
    return render(
        "intervals.html",
        rows=rows,
        names=list(series),
        caption=caption,
        reference=reference and (*reference, scale.at(reference[1]), number_format(reference[1])),
    )


def _dot(
    name: str, estimate: Estimate | None, scale: Scale, number_format: Format
) -> dict[str, object]:
    if estimate is None:
        return {"name": name, "text": "-", "at": None}
    low, high = scale.at(estimate.low), scale.at(estimate.high)
    return {
        "name": name,
        "at": scale.at(estimate.value),
        "left": low,
        "width": round(high - low, 3),
        "text": number_format(estimate.value),
        "range": f"{number_format(estimate.low)} to {number_format(estimate.high)}",
    }
