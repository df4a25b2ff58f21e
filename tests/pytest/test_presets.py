"""The presets score as the pages of examples/presets say, and as the tools did that they follow.

The people of the worked examples are scored with each preset's rules, among the leads of a small
demo. What is expected is worked out by hand from what the vendor publishes; the page of the preset
has the same numbers.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import duckdb
import generate_demo
import pytest
from comparison import Comparison, compare
from lead_scoring_tools.rule_definition import rule_files
from pipeline import PROJECT, Row, read_rules, rows_of
from reference import World, score_world

PRESETS = PROJECT / "examples" / "presets"
NAMES = ("activecampaign", "breadcrumbs", "eloqua", "hubspot", "madkudu", "zoho_salesiq")
AS_OF = date(2026, 1, 31)

# What no vendor has a setting for is that of the project, so that a preset can be used as it is.
SHARED_FILES = {"event_catalog", "event_exclusions", "suppressions", "journey_steps"}
OWN_FILES = {("eloqua", "event_catalog"), ("eloqua", "journey_steps")}


class Person(NamedTuple):
    """A lead with a company of its own, and the events of both."""

    lead: Row
    company: Row
    events: tuple[Row, ...] = ()

    def did(self, event_type: str, *ages: int, **columns: str) -> "Person":
        """The same with one more event of the type for each age in days."""
        events = [
            {
                "lead_id": self.lead["lead_id"],
                "event_type": event_type,
                "occurred_at": f"{AS_OF - timedelta(days=age)}T10:00:00Z",
                **columns,
            }
            for age in ages
        ]
        return self._replace(events=(*self.events, *events))


def person(lead_id: str, **columns: str) -> Person:
    of_company = ("industry", "employee_count", "annual_revenue", "technologies")
    company = {name: columns.pop(name) for name in of_company if name in columns}
    return Person(
        lead={"lead_id": lead_id, "account_id": lead_id, "created_at": "2025-01-01", **columns},
        company={"account_id": lead_id, **company},
    )


def read_docs(lead_id: str, times: int, age: int) -> Person:
    return person(lead_id).did("page_view", *[age] * times, page_path="/docs/api")


def visitor(lead_id: str, visits: int, last_age: int) -> Person:
    """Somebody who came on so many days, and looked at products and prices on the last."""
    return (
        person(lead_id)
        .did("page_view", *range(last_age, last_age + visits), page_path="/")
        .did("page_view", last_age, last_age, page_path="/product/analytics")
        .did("pricing_view", last_age, last_age, last_age)
    )


PEOPLE = {
    "hubspot": [
        *[person(f"form {age}").did("form_submit", age) for age in (0, 29, 30, 59, 60)],
        person(
            "maya",
            seniority="Director",
            country="US",
            industry="Software",
            employee_count="500",
            annual_revenue="80000000",
        )
        .did("form_submit", 0, 29, 30)
        .did("demo_request", 35)
        .did("webinar_attended", 100)
        .did("pricing_view", 3)
        .did("email_click", 31),
    ],
    "madkudu": [
        *[person(f"ebook {age}").did("content_download", age) for age in (0, 3, 45, 90)],
        person("fit 150", industry="software", seniority="vp", employee_count="500"),
        person("fit 145", industry="software", seniority="director", employee_count="500"),
        person("fit 80", industry="software", seniority="manager"),
        person("fit 75", department="data", employee_count="500"),
        person("fit 30", technologies="snowflake"),
        person("fit 25", department="data"),
        person("nina", industry="software", employee_count="500", seniority="vp")
        .did("demo_request", 9)
        .did("content_download", 3)
        .did("pricing_view", 12)
        .did("webinar_attended", 45),
        person("omar", industry="software", seniority="manager")
        .did("demo_request", 0)
        .did("trial_started", 0)
        .did("pricing_view", 0),
    ],
    "eloqua": [
        person("vera", job_title="VP Marketing", industry="Software", annual_revenue="1000000000")
        .did("form_submit", 10)
        .did("email_click", 1, 2, 6)
        .did("page_view", 8, 20, 29, page_path="/product/analytics")
        .did("email_open", 0, 3, 6),
        person(
            "dan",
            job_title="Director of Sales",
            industry="Pharmaceutical",
            annual_revenue="100000000",
            technologies="power bi",
        ),
        person("max", job_title="Manager of Sales", technologies="power bi|tableau"),
        *[person(f"form {age}").did("form_submit", age) for age in (0, 6, 7, 13, 14, 29, 30)],
        person("demo").did("Demo Requested", 0),
    ],
    "breadcrumbs": [
        *[read_docs(f"five {age}", 5, age) for age in (0, 44, 45, 89, 90)],
        read_docs("three 0", 3, 0),
        read_docs("ten 45", 10, 45),
        person("bea", industry="SaaS", employee_count="500", seniority="VP", country="US")
        .did("page_view", *[45] * 5, page_path="/docs/api")
        .did("pricing_view", *[5] * 5),
    ],
    "zoho_salesiq": [
        *[visitor(f"away {age}", 101, age) for age in (6, 7, 14)],
        visitor("100 visits", 100, 0),
        person("chat").did("chat_started", 21, 0),
    ],
    "activecampaign": [
        person("both", country="US").did("pricing_view", 2),
        # A static rule gives its points once.
        person("three times", country="US").did("pricing_view", 0, 1, 2),
        person("day 59", country="US").did("pricing_view", 59),
        person("expired", country="US").did("pricing_view", 60),
        # A dynamic rule gives them each time, and each expires by itself.
        person("clicks", country="US").did("email_click", 0, 29, 30),
        person("sue", country="US", seniority="VP", department="Data", industry="Software")
        .did("demo_request", 5)
        .did("pricing_view", 5),
        person("tim", country="US", seniority="VP", department="Data", industry="Software").did(
            "demo_request", 5
        ),
    ],
}


@cache
def rules_of(preset: str) -> dict[str, list[Row]]:
    return read_rules(PRESETS / preset / "seeds")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """The leads of a demo that did something of late, as rows of text, with their events."""
    folder = tmp_path_factory.mktemp("demo")
    assert generate_demo.main(["--leads", "100", "--events", "1500", "--out", str(folder)]) == 0
    active = "(select lead_id from {raw_events} where occurred_at >= timestamp '2026-01-10')"
    queries = {
        "raw_leads": f"from {{raw_leads}} where lead_id in {active}",
        "raw_firmographics": "from {raw_firmographics}",
        "raw_events": f"from {{raw_events}} where lead_id in {active}",
    }
    files = {table: f"'{folder / table}.parquet'" for table in queries}
    with duckdb.connect() as connection:
        return {
            table: rows_of(
                connection, f"select cast(columns(*) as varchar) {query.format(**files)}"
            )
            for table, query in queries.items()
        }


class Scored:
    """What the models make of the demo and of the people of a preset's worked example."""

    def __init__(self, comparison: Comparison, preset: str, demo: dict[str, list[Row]]) -> None:
        people = PEOPLE[preset]
        events = [event for who in people for event in who.events]
        self.world = World(
            as_of=AS_OF,
            seeds=rules_of(preset),
            raw=demo
            | {
                "raw_leads": [*demo["raw_leads"], *[who.lead for who in people]],
                "raw_firmographics": [
                    *demo["raw_firmographics"],
                    *[who.company for who in people],
                ],
                "raw_events": [
                    *demo["raw_events"],
                    *[event | {"event_id": f"e{i}"} for i, event in enumerate(events)],
                ],
            },
        )
        self.tables = comparison.tables(self.world)
        self.scores = {row["lead_id"]: row for row in self.tables["lead_scores"]}

    def points(self, lead_id: str) -> dict[str, Decimal]:
        """The points of each rule for a person."""
        return {
            row["rule_id"]: row["points"]
            for row in self.tables["lead_score_contributions"]
            if row["lead_id"] == lead_id
        }

    def each(self, column: str, prefix: str) -> dict[str, Any]:
        """A column for all people of one kind, by what the name says further."""
        return {
            name.removeprefix(prefix): row[column]
            for name, row in self.scores.items()
            if name.startswith(prefix)
        }

    def has(self, lead_id: str, **expected: Any) -> None:
        """Check columns of a person; numbers are given as text, so that they are exact."""
        found = {name: self.scores[lead_id][name] for name in expected}
        assert found == {
            name: Decimal(value) if isinstance(found[name], Decimal) else value
            for name, value in expected.items()
        }


@pytest.fixture(scope="module")
def scored(comparison: Comparison, demo: dict[str, list[Row]]) -> Callable[[str], Scored]:
    return cache(lambda preset: Scored(comparison, preset, demo))


@pytest.mark.parametrize("preset", NAMES)
def test_models_and_reference_agree(scored: Callable[[str], Scored], preset: str) -> None:
    """Also proves that the gate lets the rules pass, and that they tell leads apart."""
    result = score_world(scored(preset).world)
    assert compare(scored(preset).tables, result) == []
    of_demo = {row["lead_score"] for row in result.lead_scores if row["lead_id"].startswith("L1")}
    assert len(of_demo) > 5


# HubSpot


def test_a_hubspot_form_is_worth_10_then_5_then_nothing(scored: Callable[[str], Scored]) -> None:
    """The vendor's example: 10 points for a form, which lose 50 % of them each month."""
    found = scored("hubspot").each("engagement_points", "form ")
    assert found == {"0": 10, "29": 10, "30": 5, "59": 5, "60": 0}


def test_hubspot_groups_stop_at_their_limits(scored: Callable[[str], Scored]) -> None:
    hubspot = scored("hubspot")
    assert hubspot.points("maya") == {
        # Industry, size and revenue make 25, in a group of at most 20.
        "hs_industry_core": 10,
        "hs_size_ideal": 10,
        "hs_revenue": 5,
        "cap:category:company": -5,
        "hs_director": 10,
        "hs_market": 4,
        # 10 + 10 + 5, in a group of at most 20.
        "hs_form": 25,
        "cap:category:forms": -5,
        "hs_demo_request": 15,
        "hs_webinar_attended": 4,
        "hs_pricing_view": 4,
        "hs_email_click": 0,
    }
    hubspot.has(
        "maya",
        fit_points="34",
        fit_score="85.00",
        engagement_points="43",
        engagement_score="71.67",
        engagement_score_undecayed="90.00",
        lead_score="77.00",
        score_label="A1",
        lead_band="high",
        stage="sales_ready",
    )


# MadKudu


def test_a_madkudu_ebook_of_9_points_is_worth_8_7_after_3_days(
    scored: Callable[[str], Scored],
) -> None:
    """The vendor's example: importance 9, lifespan 90 days, downloaded 3 days ago."""
    found = scored("madkudu").each("engagement_points", "ebook ")
    assert found == {"0": 9, "3": Decimal("8.7"), "45": Decimal("4.5"), "90": 0}
    scored("madkudu").has("ebook 3", engagement_score="14.50")


def test_madkudu_fit_segments_start_at_150_80_and_30_points(
    scored: Callable[[str], Scored],
) -> None:
    """The vendor's example: very good from 150, good from 80, medium from 30, low below."""
    found = scored("madkudu").each("fit_points", "fit ")
    assert found == {str(points): points for points in (150, 145, 80, 75, 30, 25)}
    bands = scored("madkudu").each("fit_band", "fit ")
    assert bands == {"150": "A", "145": "B", "80": "B", "75": "C", "30": "C", "25": "D"}


def test_a_madkudu_lead_grade_is_a_stage(scored: Callable[[str], Scored]) -> None:
    madkudu = scored("madkudu")
    assert madkudu.points("nina") == {
        "mk_industry_core": 60,
        "mk_size_ideal": 50,
        "mk_executive": 40,
        "mk_demo_request": 27,
        "mk_ebook": Decimal("8.7"),
        "mk_pricing_view": 4,
        "mk_webinar_attended": 6,
    }
    madkudu.has(
        "nina",
        fit_score="75.00",
        engagement_points="45.7",
        engagement_score="76.17",
        lead_score="75.58",
        score_label="A2",
        stage="grade_a",
    )
    # Published: very high likelihood and good fit is A, low likelihood and medium or low fit is E.
    madkudu.has("omar", engagement_score="91.67", score_label="B1", stage="grade_a")
    madkudu.has("fit 75", score_label="C4", stage="grade_e")
    madkudu.has("fit 25", score_label="D4", stage="grade_e")


# Eloqua


def test_eloqua_s_profile_scorecard(scored: Callable[[str], Scored]) -> None:
    """The vendor's scorecard: points of 100 per value, times the weight of its field."""
    # 100 x 30 % + 100 x 30 % + 100 x 25 %
    scored("eloqua").has("vera", fit_score="85.00", fit_band="A")
    # 50 x 30 % + 100 x 30 % + 20 x 25 % + 80 x 15 %
    scored("eloqua").has("dan", fit_score="62.00", fit_band="A")
    # 25 x 30 % + 100 x 15 %: of several values of one field, the weight is the limit
    scored("eloqua").has("max", fit_score="22.50", fit_band="C")


def test_eloqua_s_form_row_by_age(scored: Callable[[str], Scored]) -> None:
    """The vendor's row: 100 within 7 days, 75 within 14, 50 within 30, weighted by 35 %."""
    within_14_days, within_30_days = Decimal("26.25"), Decimal("17.5")
    assert scored("eloqua").each("engagement_points", "form ") == {
        "0": 35,
        "6": 35,
        "7": within_14_days,
        "13": within_14_days,
        "14": within_30_days,
        "29": within_30_days,
        "30": 0,
    }
    # Whatever is submitted is a form.
    scored("eloqua").has("demo", engagement_points="35")


def test_eloqua_s_engagement_scorecard(scored: Callable[[str], Scored]) -> None:
    points = scored("eloqua").points("vera")
    by_behaviour = {
        behaviour: sum(value for rule_id, value in points.items() if f"_{behaviour}_" in rule_id)
        for behaviour in ("form", "click", "product", "open")
    }
    # 75 x 35 %, 100 x 20 %, 75 x 30 %, 100 x 15 %
    assert by_behaviour == {
        "form": Decimal("26.25"),
        "click": 20,
        "product": Decimal("22.5"),
        "open": 15,
    }
    scored("eloqua").has(
        "vera",
        engagement_score="83.75",
        lead_score="84.38",
        score_label="A1",
        stage="sales_ready",
    )


# Breadcrumbs


def test_a_breadcrumbs_category_loses_15_percent_every_45_days(
    scored: Callable[[str], Scored],
) -> None:
    """The vendor's example: weight 40 %, up to 5 views, absolute decay of 15 % every 45 days."""
    found = scored("breadcrumbs").each("engagement_points", "five ")
    assert found == {"0": 40, "44": 40, "45": 34, "89": 34, "90": 28}
    # 3 of 5
    scored("breadcrumbs").has("three 0", engagement_points="24")
    # 10 x 8 x 0.85 = 68: the limit comes after the decay, other than in the tool.
    scored("breadcrumbs").has("ten 45", engagement_points="40")


def test_breadcrumbs_categories_add_up(scored: Callable[[str], Scored]) -> None:
    points = scored("breadcrumbs").points("bea")
    # 40 % less 15 % of it after 45 days, 30 % less 10 % of it after 5
    assert (points["bc_resources"], points["bc_pricing"]) == (34, 27)
    scored("breadcrumbs").has(
        "bea", fit_score="100.00", engagement_score="61.00", score_label="A2", stage="sales_ready"
    )


# Zoho SalesIQ


def test_a_salesiq_score_of_1000_loses_a_quarter_each_week(
    scored: Callable[[str], Scored],
) -> None:
    """The vendor's example: more than 100 visits add 500; 1000 become 750 after a week away."""
    salesiq = scored("zoho_salesiq")
    found = salesiq.each("engagement_points", "away ")
    assert found == {"6": 1000, "7": 750, "14": Decimal("562.5")}
    assert salesiq.points("away 7")["siq_visits_100"] == 375
    salesiq.has("away 7", engagement_score="75.00", lead_score="62.50")
    salesiq.has("away 14", engagement_score="56.25", lead_score="46.88")
    salesiq.has("100 visits", engagement_points="500")


def test_a_visit_starts_the_salesiq_week_anew(scored: Callable[[str], Scored]) -> None:
    scored("zoho_salesiq").has("chat", engagement_points="150")


# ActiveCampaign


def test_activecampaign_s_area_and_pricing_make_20_points(
    scored: Callable[[str], Scored],
) -> None:
    """The vendor's example: 10 points for the area, 10 for having seen the prices."""
    campaign = scored("activecampaign")
    total = {
        name: campaign.scores[name]["fit_points"] + campaign.scores[name]["engagement_points"]
        for name in ("both", "three times", "day 59", "expired", "clicks")
    }
    assert total == {"both": 20, "three times": 20, "day 59": 20, "expired": 10, "clicks": 20}
    # 200 points make a score of 100.
    campaign.has("both", lead_score="10.00")


def test_100_points_in_activecampaign_make_a_lead_for_sales(
    scored: Callable[[str], Scored],
) -> None:
    """The vendor's framework: contacts with 100 points or more are for sales."""
    scored("activecampaign").has(
        "sue",
        fit_points="50",
        engagement_points="50",
        lead_score="50.00",
        lead_band="sql",
        is_sql=True,
    )
    scored("activecampaign").has(
        "tim", lead_score="45.00", lead_band="mql", is_sql=False, is_mql=True
    )


# The folders


def test_the_presets_are_those_that_are_tested() -> None:
    assert tuple(sorted(path.name for path in PRESETS.iterdir() if path.is_dir())) == NAMES


@pytest.mark.parametrize("preset", NAMES)
def test_a_preset_has_exactly_the_rule_files(preset: str) -> None:
    files = [path.name for path in (PRESETS / preset / "seeds").iterdir()]
    assert sorted(files) == sorted(f"{name}.csv" for name in rule_files())


@pytest.mark.parametrize("preset", NAMES)
def test_files_without_a_counterpart_are_those_of_the_project(preset: str) -> None:
    shipped = read_rules(PROJECT / "seeds")
    for name in SHARED_FILES:
        is_same = rules_of(preset)[name] == shipped[name]
        assert is_same is ((preset, name) not in OWN_FILES), name


@pytest.mark.parametrize("preset", NAMES)
def test_a_preset_needs_no_vars(preset: str) -> None:
    """It uses the contract's columns, the catalogue's types, and every decay that it has."""
    world = World(as_of=AS_OF)
    rules = rules_of(preset)
    fields = set(world.lead_fields) | set(world.account_fields)
    assert {rule["field"] for rule in rules["fit_rules"]} <= fields
    types = {row["event_type"] for row in rules["event_catalog"]}
    assert {rule["event_type"] for rule in rules["engagement_rules"]} <= types
    used = {rule["decay"] for rule in rules["engagement_rules"] if rule["decay"]}
    assert used == {curve["decay"] for curve in rules["decay_curves"]}


@pytest.mark.parametrize("preset", NAMES)
def test_the_page_of_a_preset_names_what_is_there(preset: str) -> None:
    index = (PRESETS / "README.md").read_text(encoding="utf-8")
    assert f"({preset}/README.md)" in index
    page = (PRESETS / preset / "README.md").read_text(encoding="utf-8")
    assert f"LEAD_SCORING_SEEDS=examples/presets/{preset}/seeds" in page
    files = set(re.findall(r"`(\w+)[.]csv`", page))
    assert files and files <= set(rule_files())
    rules = rules_of(preset)
    rule_ids = {rule["rule_id"] for rule in [*rules["fit_rules"], *rules["engagement_rules"]]}
    prefix = next(iter(rule_ids)).split("_")[0]
    quoted = set(re.findall(rf"`({prefix}_\w+)`", page))
    assert quoted and quoted <= rule_ids
