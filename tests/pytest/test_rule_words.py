"""Rules in words, and which conditions follow from others."""

import pytest
from lead_scoring_tools.rule_words import Clause, Decay, condition_words, window_words


@pytest.mark.parametrize(
    ("decay", "words"),
    [
        (Decay(), "does not fade"),
        (Decay("exponential", 7), "halves every 7 days"),
        (Decay("exponential", 1), "halves every 1 day"),
        (Decay("linear", 60), "fades evenly to nothing over 60 days"),
        (Decay("stepped", 30, 25), "loses 25 % of its points every 30 days"),
        (Decay("compounding", 7, 12.5), "loses 12.5 % of what is left every 7 days"),
        (Decay("window", 30), "counts in full for 30 days, then not at all"),
        (Decay("hyperbolic", 7), "falls to half after 7 days, then ever more slowly"),
        (
            Decay("exponential", 45, delay_days=7, floor=0.05),
            "stays whole for 7 days, then halves every 45 days, but never below 5 %",
        ),
    ],
)
def test_decay_in_words(decay: Decay, words: str) -> None:
    assert decay.words() == words


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ((3, None, 7), "at least 3 within 7 days"),
        ((None, 0, 30), "none within 30 days"),
        ((None, 2, 90), "at most 2 within 90 days"),
        ((2, 5, 1), "2 to 5 within 1 day"),
        ((None, None, None), ""),
    ],
)
def test_count_windows_in_words(
    bounds: tuple[float | None, float | None, float | None], words: str
) -> None:
    assert window_words(*bounds) == words


def test_conditions_in_words() -> None:
    clauses = [
        Clause("annual_revenue", ">=", "50000000"),
        Clause("seniority", "in", "vp | c_level"),
        Clause("employee_count", "between", "200|2000"),
        Clause("industry", "is_unknown"),
        Clause("page_path", "matches", "^/(a|b)$"),
    ]
    assert condition_words(clauses) == (
        "annual revenue is at least 50,000,000 and seniority is one of vp, c_level"
        " and employee count is from 200 to 2000 and industry is unknown"
        " and page path matches ^/(a|b)$"
    )


@pytest.mark.parametrize(
    ("first", "second", "follows"),
    [
        ("between 200|2000", ">= 100", True),
        ("between 200|2000", ">= 200", True),
        ("between 200|2000", "> 200", False),
        ("> 200", ">= 200", True),
        (">= 200", "> 200", False),
        ("< 5", "<= 5", True),
        ("equals 100", "between 100|100", True),
        ("in 5|50", "<= 50", True),
        ("in 5|50", "< 50", False),
        ("equals vp", "in c_level|VP", True),
        ("in vp|manager", "in vp", False),
        ("equals vp", "not_in manager", True),
        ("equals vp", "not_equals vp", False),
        ("contains vp", "is_known", True),
        ("contains vp", "contains vp", True),
        ("contains vp", "contains v", False),
        ("is_unknown", "is_known", False),
        ("starts_with 5", ">= 5", False),
    ],
)
def test_what_follows_from_a_clause(first: str, second: str, follows: bool) -> None:
    one, other = (Clause("field", *text.split(maxsplit=1)) for text in (first, second))
    assert one.implies(other) is follows
    assert not one.implies(Clause("another", other.operator, other.operand))
