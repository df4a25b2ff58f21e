"""The project as a package: integration_tests imports it, and is built in another place."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from engines import need_spark
from pipeline import DBT, PROJECT

DISPATCH = """dispatch:
  # The rule files of this project are loaded as those of the package are.
  - macro_namespace: dbt
    search_order: [shop, lead_scoring, dbt]
"""
THEIR_SCHEMA = "    +schema: rules_of_the_package\n"


@dataclass(frozen=True)
class Shop:
    """A copy of integration_tests that imports the package, and the folder where dbt is called."""

    project: Path
    workplace: Path

    def dbt(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("LEAD_SCORING_")}
        # The parsed project and the logs stay where dbt puts them by itself: in the project.
        return subprocess.run(
            [str(DBT), *arguments, "--project-dir", "../shop", "--profiles-dir", "../shop"],
            cwd=self.workplace,
            env=environment | {"SHOP_DUCKDB": str(self.database), "DBT_USE_COLORS": "false"} | more,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def database(self) -> Path:
        return self.project.parent / "shop.duckdb"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(query).fetchall()


def new_shop(folder: Path) -> Shop:
    shop = Shop(folder / "shop", folder / "workplace")
    shop.workplace.mkdir()
    shutil.copytree(
        PROJECT / "integration_tests",
        shop.project,
        ignore=shutil.ignore_patterns("dbt_packages", "target", "logs", "*.duckdb*"),
    )
    packages = shop.project / "packages.yml"
    packages.write_text(packages.read_text().replace("local: ..", f"local: {PROJECT}"))
    done = shop.dbt("deps")
    assert done.returncode == 0, done.stdout
    return shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    shop = new_shop(tmp_path_factory.mktemp("package"))
    for arguments in (["run-operation", "load_crm"], ["build"]):
        done = shop.dbt(*arguments)
        assert done.returncode == 0, done.stdout
    yield shop


def test_the_package_is_linked_and_not_copied(shop: Shop) -> None:
    assert (shop.project / "dbt_packages" / "lead_scoring").resolve() == PROJECT


def test_scores_are_those_of_the_importers_rules_data_and_macro(shop: Shop) -> None:
    """Fit 40 + 24 of 100; 10 points a hit, 5 after ten days, of 60; the root of the product."""
    found = shop.rows(
        "select lead_id, scorecard, fit_score, engagement_score, lead_score, score_label"
        " from scores.lead_scores order by lead_id"
    )
    assert found == [
        ("c-1", "wholesale", Decimal("64.00"), Decimal("25.00"), Decimal("40.00"), "A1"),
        ("c-2", "wholesale", Decimal("24.00"), Decimal("16.67"), Decimal("20.00"), "B2"),
        ("c-3", "wholesale", Decimal("40.00"), Decimal("0.00"), Decimal("0.00"), "B2"),
    ]


def test_contributions_are_those_of_the_importers_rules(shop: Shop) -> None:
    found = shop.rows(
        "select lead_id, rule_id, match_count, points from scores.lead_score_contributions"
        " order by lead_id, rule_id"
    )
    assert found == [
        ("c-1", "shop_order_form", 2, 15),
        ("c-1", "shop_plan", 1, 40),
        ("c-1", "shop_size", 1, 24),
        ("c-2", "shop_order_form", 1, 10),
        ("c-2", "shop_size", 1, 24),
        ("c-3", "shop_plan", 1, 40),
    ]


def test_the_importers_model_reads_the_scores(shop: Shop) -> None:
    assert shop.rows("select lead_id, lead_score, next_action from main.call_list") == [
        ("c-1", Decimal("40.00"), "Call today")
    ]


def test_rule_files_of_the_importer_are_loaded_as_those_of_the_package(shop: Shop) -> None:
    """Rows know their line, and an erased id is only there as its digest."""
    rules = "select rule_id, line_number from scoring_rules.fit_rules order by line_number"
    assert shop.rows(rules) == [("shop_plan", 2), ("shop_size", 3)]
    digest = "lead_id = 'md5:' || md5('c-9') and note is null"
    assert shop.rows(f"select count(*) from scoring_rules.erasures where {digest}") == [(1,)]


def test_other_seeds_of_the_importer_are_loaded_as_ever(shop: Shop) -> None:
    assert shop.rows("select country, seller, starts_on from main.sellers order by all") == [
        ("France", "Lea", date(2025, 3, 1)),
        ("Germany", "Jan", date(2025, 2, 1)),
    ]


def test_schemas_are_those_of_the_importer(shop: Shop) -> None:
    found = shop.rows("select table_schema, table_name from information_schema.tables order by all")
    assert {schema for schema, _ in found} == {
        "crm",
        "main",
        "scores",
        "scoring_events",
        "scoring_inputs",
        "scoring_rules",
        "scoring_work",
    }
    assert ("scoring_events", "int_events_resolved") in found
    assert ("scoring_work", "complete_run") in found
    assert [table for schema, table in found if schema == "main"] == [
        "call_list",
        "sellers",
        "web_events",
    ]


def test_nothing_is_written_where_dbt_is_called(shop: Shop) -> None:
    assert list(shop.workplace.iterdir()) == []


def test_a_second_run_finds_what_the_first_has_kept(shop: Shop) -> None:
    """A new hit of c-3 gives 10 points of 60; with a fit of 40 that makes 25.82."""
    marker = "update scoring_events.int_events_resolved set device = 'kept' where lead_id = 'c-1'"
    with duckdb.connect(str(shop.database)) as connection:
        connection.execute(marker)
        connection.execute(
            "insert into crm.page_hits values (6, 'c-3', '/order', '2026-01-31 13:00:00')"
        )
    done = shop.dbt("run")
    assert done.returncode == 0, done.stdout
    scores = "select lead_score from scores.lead_scores order by lead_id"
    assert shop.rows(scores) == [(Decimal("40.00"),), (Decimal("20.00"),), (Decimal("25.82"),)]
    kept = "select count(*) from scoring_events.int_events_resolved where device = 'kept'"
    assert shop.rows(kept) == [(2,)]


def test_a_changed_macro_makes_kept_forecasts_anew(shop: Shop) -> None:
    """By a macro that looks at fit alone the scores are 64, 24 and 40, on each day ahead too."""
    (shop.project / "macros" / "combined_score.sql").write_text(
        "{% macro default__combined_score(fit_score, engagement_score, fit_weight,"
        " engagement_weight) %} {{ fit_score }} {% endmacro %}"
    )
    done = shop.dbt("run")
    assert done.returncode == 0, done.stdout
    scores = "select lead_score from scores.lead_scores order by lead_id"
    assert shop.rows(scores) == [(Decimal("64.00"),), (Decimal("24.00"),), (Decimal("40.00"),)]
    foreseen = (
        "select distinct lead_id, lead_score from scoring_work.int_forecast_scores_normalised"
        " where lead_id = 'c-1'"
    )
    assert shop.rows(foreseen) == [("c-1", Decimal("64.00"))]


def test_what_does_not_fit_together_is_named(tmp_path: Path) -> None:
    """The package's rule files beside the importer's, and a model under a name of the package."""
    other = new_shop(tmp_path)
    configuration = other.project / "dbt_project.yml"
    text = configuration.read_text()
    for line, instead in (
        ("  require_ref_searches_node_package_before_root: true\n", ""),
        (
            "    # Those in seeds/scoring_rules take their place.\n    +enabled: false\n",
            THEIR_SCHEMA,
        ),
    ):
        assert line in text
        text = text.replace(line, instead)
    configuration.write_text(text)
    (other.project / "models" / "int_profiles_joined.sql").write_text("select 1 as lead_id")

    done = other.dbt("build", "--select", "call_list")

    assert done.returncode != 0
    assert (
        "[lead_scoring] seed shop.scorecards: expected to stand in for the rule file of the"
        " package, found both of them. Add to dbt_project.yml:"
        " seeds: {lead_scoring: {scoring: {scorecards: {+enabled: false}}}}"
    ) in done.stdout
    assert "[lead_scoring] model shop.int_profiles_joined: expected a name that" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.long
def test_the_package_on_spark(tmp_path: Path) -> None:
    """It says what it needs of the importer; with that, its data tests find the same scores."""
    need_spark()
    shop = new_shop(tmp_path)
    spark = {
        "SHOP_TARGET": "spark",
        "SHOP_SPARK": str(tmp_path / "spark"),
        "SPARK_LOCAL_DIRS": str(tmp_path / "scratch"),
    }
    shim = shop.project / "macros" / "incremental_spark.sql"
    configuration = shop.project / "dbt_project.yml"
    needed = {path: path.read_text() for path in (shim, configuration)}
    shim.unlink()
    assert DISPATCH in needed[configuration]
    configuration.write_text(needed[configuration].replace(DISPATCH, ""))

    refused = shop.dbt("build", "--select", "call_list", **spark)

    assert refused.returncode != 0
    own = [line for line in refused.stdout.splitlines() if "[lead_scoring] project shop:" in line]
    assert len(own) == 2
    assert "expected a materialization incremental for Spark, which dbt takes from no" in own[0]
    assert "search_order: [shop, lead_scoring, dbt]" in own[1]
    for path, text in needed.items():
        path.write_text(text)
    for arguments in (["run-operation", "load_crm"], ["build"], ["build"]):
        done = shop.dbt(*arguments, **spark)
        assert done.returncode == 0, done.stdout
    assert "assert_scores_are_those_of_the_page" in done.stdout
