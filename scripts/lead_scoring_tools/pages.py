"""Self-contained HTML pages: nothing is fetched, no script is needed, text from data is escaped.

    page = Page("Lead L1", "Score 73.10, hot")
    page.add("Summary", figures([Figure("Lead score", "73.10", "hot")]), "Any text.")
    page.add("Rules", table([Column("rule"), Column("points", is_number=True)], rows))
    page.write(Path("lead.html"))

Everything given as a string is text and is escaped. What the functions here and in `charts`
return is markup and stays as it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from .errors import UserMistakeError

ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b", re.ASCII)
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("page_templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def whole_dates(text: str) -> Markup:
    """Text in which ISO dates do not break at their hyphens."""
    return Markup(ISO_DATE.sub(r'<span class="whole">\g<0></span>', str(escape(text))))


TEMPLATES.filters["whole_dates"] = whole_dates


def render(template: str, **values: object) -> Markup:
    """A template filled in; text is escaped, markup is not."""
    return Markup(TEMPLATES.get_template(template).render(values))


@dataclass(frozen=True)
class Figure:
    """One number, or a few words, that the reader should see first; `tone` is good, bad or
    empty."""

    label: str
    value: str
    note: str = ""
    tone: str = ""
    is_wide: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    is_number: bool = False


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    heading: str
    parts: Sequence[str]


@dataclass
class Page:
    """A page of sections, in the order in which they were added."""

    title: str
    subtitle: str = ""
    footer: str = ""
    sections: list[Section] = field(default_factory=list)

    def add(self, heading: str, *parts: str) -> None:
        """Add a section; a part that is a string becomes a paragraph."""
        self.sections.append(Section(heading, [_as_markup(part) for part in parts]))

    def html(self) -> str:
        """The whole page."""
        return str(render("page.html", page=self))

    def write(self, path: Path) -> None:
        """Write the page; refuses a path that can't be written."""
        try:
            # A lone surrogate, which only a command line can bring in, has no UTF-8.
            path.write_bytes(self.html().encode("utf-8", errors="replace"))
        except OSError as problem:
            raise UserMistakeError(
                str(path), "a file that can be written", problem.strerror, "Name another one."
            ) from problem


def paragraph(text: str) -> Markup:
    """Text as a paragraph."""
    return render("parts.html", kind="paragraph", text=text)


def note(text: str) -> Markup:
    """A remark that is less important than what stands around it."""
    return render("parts.html", kind="note", text=text)


def warning(text: str) -> Markup:
    """A paragraph that must not be overlooked."""
    return render("parts.html", kind="warning", text=text)


def listing(items: Iterable[str]) -> Markup:
    """A list of texts."""
    return render("parts.html", kind="listing", items=list(items))


def figures(items: Iterable[Figure]) -> Markup:
    """Numbers in large type beside each other."""
    return render("parts.html", kind="figures", items=list(items))


def details(summary: str, *parts: str) -> Markup:
    """Parts that are shown when the reader opens them; closed ones are not printed."""
    return render(
        "parts.html", kind="details", summary=summary, items=[_as_markup(part) for part in parts]
    )


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    caption: str = "",
    highlighted: Iterable[int] = (),
) -> Markup:
    """A table; on a phone each row becomes a block. `highlighted` are numbers of rows, from 0."""
    cells = [["" if cell is None else cell for cell in row] for row in rows]
    return render(
        "table.html", columns=columns, rows=cells, caption=caption, highlighted=set(highlighted)
    )


def _as_markup(part: str) -> Markup:
    return part if isinstance(part, Markup) else paragraph(part)
