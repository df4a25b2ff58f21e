"""What is wrong with a rule file, in the words of all messages of this project."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Problem:
    """A problem at a place; `nearest` is the valid name that the writer may have meant."""

    severity: str
    path: str
    line: int | None = None
    column: str | None = None
    item: str | None = None
    expected: str = ""
    found: str = ""
    remedy: str = ""
    nearest: str | None = None

    @property
    def place(self) -> str:
        """What editors and terminals open: path and line."""
        return self.path if self.line is None else f"{self.path}:{self.line}"

    def __str__(self) -> str:
        subject = f"{self.item}: " if self.item else ""
        question = f"Did you mean {self.nearest}? " if self.nearest else ""
        label = "warning, " if self.severity == WARNING else ""
        return printable(
            f"[lead_scoring] {self.place}: {label}{subject}expected {self.expected},"
            f" found {self.found}. {question}{self.remedy}"
        )


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that is most like a name, if one is like it at all."""
    by_form = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name[:200].lower(), by_form, n=1, cutoff=0.6)
    return by_form[found[0]] if found else None


def printable(text: str) -> str:
    """A text without characters that a terminal would obey, or that hide others."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
