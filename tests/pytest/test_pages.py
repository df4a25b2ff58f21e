"""Pages and their charts: what is given is text, and every value is drawn where it belongs."""

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lead_scoring_tools import charts, pages
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.pages import Column, Figure, Page

ATTACK = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>{{ 7 * 7 }}"
DAY = date(2026, 1, 31)
ESTIMATE = charts.Estimate(0.2, 0.1, 0.3)
PARTS: dict[str, Callable[[str], str]] = {
    "a string": lambda text: text,
    "a note": pages.note,
    "a warning": pages.warning,
    "a listing": lambda text: pages.listing([text]),
    "figures": lambda text: pages.figures([Figure(text, text, text)]),
    "details": lambda text: pages.details(text, text),
    "a table": lambda text: pages.table([Column(text), Column(text)], [[text, text]], text),
    "a waterfall": lambda text: charts.waterfall(
        [charts.Step(text, 1, text, value_text=text)], text, text, text
    ),
    "lines": lambda text: charts.lines(
        [charts.Line(text, [(DAY, 1.0)]), charts.Line("b", [])],
        text,
        [charts.Mark(DAY, text)],
        {text: 2.0},
    ),
    "lines without values": lambda text: charts.lines([], text),
    "grouped bars": lambda text: charts.grouped_bars([text], {text: [1], "b": [None]}, text),
    "a histogram": lambda text: charts.histogram([0, 1], {text: [1], "b": [2]}, text, {text: 0.5}),
    "intervals": lambda text: charts.intervals(
        [text], {text: [ESTIMATE], "b": [None]}, text, (text, 0.1)
    ),
}


class Reader(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_what_is_given_as_text_stays_text(part: Callable[[str], str]) -> None:
    page = Page(ATTACK, ATTACK, ATTACK)
    page.add(ATTACK, part(ATTACK))
    reader = Reader(page.html())
    assert ATTACK in reader.text
    assert not {"script", "img"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]


def test_a_page_fetches_nothing_and_forbids_scripts() -> None:
    page = Page("Lead")
    page.add("All", *[part("text") for part in PARTS.values()])
    html = page.html()
    reader = Reader(html)
    assert not [name for name, _ in reader.attributes if name in ("src", "href", "action")]
    assert not re.search(r"https?:|url\(|@import", html)
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in reader.attributes


def test_a_page_is_written_and_a_folder_as_file_is_refused(tmp_path: Path) -> None:
    page = Page("Größe \ud800")
    page.write(tmp_path / "page.html")
    assert "<h1>Größe ?</h1>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    with pytest.raises(UserMistakeError, match="expected a file that can be written"):
        page.write(tmp_path)


def bars(html: str) -> list[tuple[str, float, float]]:
    """Tone, left end and width of each bar."""
    found = re.findall(r'class="bar ([\w-]+)" style="left:([\d.]+)%;width:([\d.]+)%"', html)
    return [(tone, float(left), float(width)) for tone, left, width in found]


def test_the_steps_of_a_waterfall_start_where_the_last_one_ended() -> None:
    html = charts.waterfall(
        [
            charts.Step("first", 60),
            charts.Step("second", -20),
            charts.Step("limit", -10, kind="cap"),
            charts.Step("sum", 30, kind="total"),
            charts.Step("next", 70),
        ],
        "Points",
    )
    # The axis runs from 0 to 100.
    assert bars(html) == [
        ("up", 0, 60),
        ("down", 40, 20),
        ("cap", 30, 10),
        ("total", 0, 30),
        ("up", 30, 70),
    ]
    assert [text for text in ("+60.00", "-20.00", "-10.00", ">30<", "+70.00") if text in html] == [
        "+60.00",
        "-20.00",
        "-10.00",
        ">30<",
        "+70.00",
    ]


def test_a_waterfall_below_zero_has_its_zero_inside() -> None:
    html = charts.waterfall([charts.Step("a", 10), charts.Step("b", -30)], "Points")
    # From -20 to 10, by steps of 10: zero is at two thirds.
    assert bars(html) == [("up", 66.667, 33.333), ("down", 0, 100)]
    assert 'class="zero" style="left:66.667%"' in html


def test_a_line_keeps_its_value_until_the_next_date() -> None:
    points = [(date(2026, 1, 1), 25.0), (date(2026, 1, 5), 50.0), (date(2026, 1, 11), 100.0)]
    stepped = charts.lines([charts.Line("score", points)], "Scores", value_range=(0, 100))
    assert 'd="M0.0 75.0 L40.0 75.0 L40.0 50.0 L100.0 50.0 L100.0 0.0"' in stepped
    sloped = charts.lines([charts.Line("score", points, is_stepped=False)], "Scores")
    assert 'd="M0.0 75.0 L40.0 50.0 L100.0 0.0"' in sloped


def test_bars_beside_each_other_share_one_scale() -> None:
    html = charts.grouped_bars(["hot"], {"before": [50], "after": [100], "gone": [None]}, "Leads")
    assert bars(html) == [("series-0", 0, 50), ("series-1", 0, 100)]


def test_the_columns_of_a_histogram_lie_in_their_bins() -> None:
    html = charts.histogram([0, 50, 100], {"before": [4, 1], "after": [2, 3]}, "Leads")
    columns = re.findall(
        r'class="series-(\d)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', html
    )
    # Each bin is half of the width, with a twentieth left free on either side.
    assert [tuple(map(float, column)) for column in columns] == [
        (0, 2.5, 0, 22.5, 100),
        (0, 52.5, 75, 22.5, 25),
        (1, 25, 50, 22.5, 50),
        (1, 75, 25, 22.5, 75),
    ]


def test_an_interval_is_drawn_from_its_low_to_its_high_end() -> None:
    html = charts.intervals(["hot"], {"rate": [ESTIMATE], "none": [None]}, "Rate", ("mean", 0.4))
    # The axis runs from 0 to 0.4.
    assert 'style="left:25.0%;width:50.0%"' in html
    assert 'class="dot series-0" style="left:50.0%"' in html
    assert 'class="reference" style="left:100.0%"' in html


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([3, 81], (0, 25, 50, 75, 100)),
        ([-7, 12], (-10, -5, 0, 5, 10, 15)),
        ([0.012, 0.04], (0, 0.01, 0.02, 0.03, 0.04)),
        ([], (0, 0.25, 0.5, 0.75, 1)),
        ([0, 0], (0, 0.25, 0.5, 0.75, 1)),
        ([float("nan"), 4], (0, 1, 2, 3, 4)),
    ],
)
def test_scales_have_round_ends(values: list[float], ticks: tuple[float, ...]) -> None:
    assert charts.Scale.of(values).ticks == ticks


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        (date(2026, 1, 30), date(2026, 2, 1), ["30 Jan", "31 Jan", "1 Feb"]),
        (date(2026, 1, 1), date(2026, 1, 31), ["1 Jan", "8 Jan", "15 Jan", "22 Jan", "29 Jan"]),
        (date(2025, 10, 15), date(2026, 1, 31), ["Nov 2025", "Dec", "Jan 2026"]),
        (date(2023, 6, 1), date(2026, 1, 31), ["Jan 2024", "Jan 2025", "Jan 2026"]),
        (
            date(2001, 1, 1),
            date(2026, 1, 1),
            ["Jan 2005", "Jan 2010", "Jan 2015", "Jan 2020", "Jan 2025"],
        ),
    ],
)
def test_dates_on_the_axis_are_round(first: date, last: date, texts: list[str]) -> None:
    assert [text for _, text in charts.date_ticks(first, last)] == texts
