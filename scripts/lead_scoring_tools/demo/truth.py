"""What really makes a lead buy: the coefficients behind every conversion of the demo.

On each day of its life an open lead becomes an opportunity with the probability

    p = 1 / (1 + exp(-(intercept + sum of attribute effects + sum of behaviour effects)))

where a behaviour's effect is `effect * min(strength, most)` and its strength is the sum over past
events of `0.5 ^ (age in days / half_life_days)`.
"""

from typing import NamedTuple

import numpy as np

from . import vocabulary as words

INTERCEPT = -10.6

INDUSTRY_EFFECTS = {
    "software": 0.9,
    "information technology": 0.7,
    "financial services": 0.4,
    "retail": 0.3,
    "manufacturing": 0.1,
    "education": -0.6,
    "public sector": -0.8,
}
SIZE_EFFECTS = (-1.2, -0.3, 0.4, 0.9, 0.5)
SENIORITY_EFFECTS = {"c_level": 0.4, "vp": 0.6, "director": 0.8, "manager": 0.4, "individual": -0.2}
DEPARTMENT_EFFECTS = {"data": 0.6, "it": 0.4, "revenue operations": 0.5, "hr": -0.7}
WAREHOUSE_EFFECT = 0.6
FREE_MAIL_EFFECT = -0.8
UNSERVED_COUNTRY_EFFECT = -1.5

NEVER_CONVERT = ("student", "competitor", "test_account", "employee", "embargoed", "bot")


class Behaviour(NamedTuple):
    """A kind of activity that raises or lowers the chance, and how fast that wears off."""

    name: str
    event_types: tuple[str, ...]
    half_life_days: float
    effect: float
    most: float
    path_starts: tuple[str, ...] = ()


BEHAVIOURS = (
    Behaviour("pricing_view", ("pricing_view",), 8, 0.30, 6),
    Behaviour("docs_view", ("page_view",), 14, 0.10, 10, ("/docs/", "/integrations/")),
    Behaviour("content_download", ("content_download",), 21, 0.30, 3),
    Behaviour("webinar_attended", ("webinar_attended",), 30, 0.60, 3),
    Behaviour("demo_request", ("demo_request",), 30, 1.80, 1.5),
    Behaviour("trial_activity", ("trial_activity",), 14, 0.25, 6),
    Behaviour("meeting_held", ("meeting_held",), 30, 1.20, 2),
    Behaviour("email_click", ("email_click",), 14, 0.15, 4),
    Behaviour("email_open", ("email_open",), 14, 0.0, 4),
    Behaviour("careers_view", ("page_view",), 30, -0.40, 3, ("/careers",)),
)

WIN_INTERCEPT = -0.6
WIN_PER_ATTRIBUTE_EFFECT = 0.4
DAYS_TO_CLOSE_MEDIAN = 32
FUTURE_DAYS = 60


def attribute_tables() -> dict[str, np.ndarray]:
    """The effects as arrays over the codes of the vocabulary."""

    def over(names: tuple[str, ...], effects: dict[str, float]) -> np.ndarray:
        return np.array([effects.get(name, 0.0) for name in names])

    return {
        "industry": over(words.INDUSTRIES, INDUSTRY_EFFECTS),
        "size": np.array(SIZE_EFFECTS),
        "seniority": over(words.SENIORITIES, SENIORITY_EFFECTS),
        "department": over(words.DEPARTMENTS, DEPARTMENT_EFFECTS),
    }


def as_document() -> dict:
    """The whole truth, for `truth.json`."""
    return {
        "definition": (
            "Daily probability of opportunity_created for a lead that exists and has none yet: "
            "1 / (1 + exp(-(intercept + attribute effects + behaviour effects))). A behaviour "
            "adds effect * min(strength, most); strength is the sum over past events, up to the "
            "end of the day, of 0.5 ^ (age_days / half_life_days). The conversion follows on the "
            "next day. Attributes count as they are, also where the raw tables lack them or spell "
            "them otherwise; a size band counts from min_employees on; what is not listed, and a "
            "lead without an account, adds 0. Events count once, also where the raw table "
            "repeats them, and not where their anonymous_id is never linked."
        ),
        "intercept": INTERCEPT,
        "attribute_effects": {
            "industry": INDUSTRY_EFFECTS,
            "employee_count": [
                {"min_employees": low, "max_employees": high, "effect": effect}
                for (low, high), effect in zip(words.SIZE_BANDS, SIZE_EFFECTS, strict=True)
            ],
            "seniority": SENIORITY_EFFECTS,
            "department": DEPARTMENT_EFFECTS,
            "uses_data_warehouse": WAREHOUSE_EFFECT,
            "private_email": FREE_MAIL_EFFECT,
            "unserved_country": UNSERVED_COUNTRY_EFFECT,
        },
        "behaviour_effects": [
            {
                "name": behaviour.name,
                "event_types": list(behaviour.event_types),
                "page_path_starts_with": list(behaviour.path_starts),
                "effect": behaviour.effect,
                "half_life_days": behaviour.half_life_days,
                "most": behaviour.most,
            }
            for behaviour in BEHAVIOURS
        ],
        "closed_won": {
            "definition": (
                "An opportunity is won with probability 1 / (1 + exp(-(intercept + "
                "per_attribute_effect * attribute effects))), after a log-normal number of days."
            ),
            "intercept": WIN_INTERCEPT,
            "per_attribute_effect": WIN_PER_ATTRIBUTE_EFFECT,
            "median_days": DAYS_TO_CLOSE_MEDIAN,
        },
        "never_convert": list(NEVER_CONVERT),
        "future_days": FUTURE_DAYS,
    }
