"""What a change of the rules would do, against real runs with the changed rules."""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import generate_demo
import pytest
from lead_scoring_tools.what_if.comparisons import Comparison, compare
from lead_scoring_tools.what_if.productions import Production, read_production
from lead_scoring_tools.what_if.replays import Replay, Side
from lead_scoring_tools.what_if.rule_sets import changes_between, read_folder
from lead_scoring_tools.what_if.runs import scored
from pipeline import PROJECT, run_dbt

SEEDS = PROJECT / "seeds" / "scoring"
AS_OF = date(2026, 1, 31)
DAYS = 8
FIRST = AS_OF - timedelta(days=DAYS - 1)
RECORDED_SINCE = date(2026, 1, 15)
Row = dict[str, str]
Edit = Callable[[Path], None]

# A what-if leaves out when leads cool.
TABLES = {
    "lead_scores": "select * exclude (cools_on) from {database}.main.lead_scores",
    "lead_score_contributions": "select * from {database}.main.lead_score_contributions",
    "scoring_rule_coverage": "select * from {database}.main.scoring_rule_coverage",
    "transitions": (
        "select * from {database}.main_intermediate.int_stage_transitions_recorded"
        f" where transition_date >= date '{FIRST}'"
    ),
}


def edit_rows(folder: Path, file: str, change: Callable[[list[Row]], list[Row] | None]) -> None:
    """Rewrite a rule file."""
    path = folder / f"{file}.csv"
    with path.open(newline="", encoding="utf-8") as source:
        reader = csv.DictReader(source)
        columns, rows = list(reader.fieldnames or []), list(reader)
    changed = change(rows)
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows if changed is None else changed)


def set_cell(folder: Path, file: str, key: str, name: str, column: str, value: str) -> None:
    def change(rows: list[Row]) -> None:
        chosen = [row for row in rows if row[key] == name]
        assert chosen
        for row in chosen:
            row[column] = value

    edit_rows(folder, file, change)


def add_row(folder: Path, file: str, **cells: str) -> None:
    def change(rows: list[Row]) -> None:
        rows.append(dict.fromkeys(rows[0], "") | cells)

    edit_rows(folder, file, change)


def weights(folder: Path) -> None:
    set_cell(folder, "engagement_rules", "rule_id", "eng_demo_request", "points", "12")


def decays(folder: Path) -> None:
    set_cell(folder, "decay_curves", "decay", "pricing_intent", "days", "3")


def conditions(folder: Path) -> None:
    set_cell(folder, "engagement_rules", "rule_id", "eng_pricing_study", "value", "30")
    set_cell(folder, "fit_rules", "rule_id", "fit_size_ideal", "value", "100|5000")
    set_cell(folder, "behavior_rules", "rule_id", "beh_back_again", "value", "2")


def new_rules(folder: Path) -> None:
    add_row(
        folder,
        "engagement_rules",
        rule_id="eng_blog",
        scorecard="b2b_saas",
        category="web",
        event_type="page_view",
        field="page_path",
        operator="matches",
        value="^/(blog|pricing)",
        points="7",
        reason="Read our blog",
    )
    add_row(
        folder,
        "fit_rules",
        rule_id="fit_vp",
        scorecard="b2b_saas",
        category="demographic",
        field="job_title",
        operator="contains",
        value="vp",
        points="9",
        reason="A vice president",
    )


def removed_rules(folder: Path) -> None:
    gone = ("eng_demo_request", "fit_industry_core", "beh_reads_email")
    for file in ("engagement_rules", "fit_rules", "behavior_rules"):
        edit_rows(folder, file, lambda rows: [row for row in rows if row["rule_id"] not in gone])


def new_scorecard(folder: Path) -> None:
    for file in (
        "scorecards",
        "score_bands",
        "lead_stages",
        "qualification_thresholds",
        "fit_rules",
        "engagement_rules",
    ):
        edit_rows(folder, file, _with_a_copy)
    add_row(
        folder,
        "scorecard_audiences",
        scorecard="copied",
        field="active_days_90d",
        operator=">=",
        value="1",
    )


def _with_a_copy(rows: list[Row]) -> list[Row]:
    copies = [
        row
        | {"scorecard": "copied"}
        | ({"rule_id": f"copied_{row['rule_id']}"} if "rule_id" in row else {})
        for row in rows
        if row["scorecard"] == "germany_analytics"
    ]
    return rows + copies


def bands(folder: Path) -> None:
    set_cell(folder, "score_bands", "band", "warm", "min_score", "30")
    set_cell(folder, "lead_stages", "engagement_band", "2", "stage", "call_back")
    set_cell(folder, "qualification_thresholds", "stage", "sql", "enter_at", "52")
    set_cell(folder, "qualification_thresholds", "stage", "mql", "exit_days", "2")
    set_cell(folder, "category_caps", "category", "web", "max_points", "20")


def audiences(folder: Path) -> None:
    set_cell(folder, "scorecard_audiences", "field", "campaign", "operator", "is_known")
    set_cell(folder, "scorecard_audiences", "field", "campaign", "value", "")
    add_row(
        folder,
        "suppressions",
        suppression_id="small_company",
        field="employee_count",
        operator="<",
        value="40",
        reason="Too small",
    )


def catalogue(folder: Path) -> None:
    set_cell(folder, "event_catalog", "event_type", "video_view", "is_engagement", "false")
    set_cell(folder, "event_catalog", "event_type", "pricing_view", "channel", "partner")


def exclusions(folder: Path) -> None:
    add_row(
        folder,
        "event_exclusions",
        exclusion_id="short_views",
        field="duration_seconds",
        operator="<",
        value="20",
        reason="Looked at for a moment",
    )


SINGLE_EDITS = (
    weights,
    decays,
    conditions,
    new_rules,
    removed_rules,
    new_scorecard,
    bands,
    audiences,
    catalogue,
    exclusions,
)


def rules_with(folder: Path, *edits: Edit) -> Path:
    """The shipped rules with edits."""
    shutil.copytree(SEEDS, folder, dirs_exist_ok=True)
    for edit in edits:
        edit(folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo, scored with the shipped rules, with a history of some days."""
    home = tmp_path_factory.mktemp("what_if")
    assert generate_demo.main(["--leads", "400", "--out", str(home / "raw")]) == 0
    build(home, home, as_of=AS_OF, backfill_from=RECORDED_SINCE)
    return home


def build(home: Path, data: Path, seeds: Path | None = None, **settings: date) -> None:
    done = run_dbt(
        "build",
        "--exclude-resource-type",
        "unit_test",
        "test",
        home=home,
        raw=data / "raw",
        seeds=seeds,
        **settings,
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(autouse=True)
def kept_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", str(home / "target"))
    monkeypatch.setenv("LEAD_SCORING_DUCKDB", str(home / "lead_scoring.duckdb"))


@pytest.fixture
def production(home: Path) -> Production:
    return read_production(home / "lead_scoring.duckdb", {})


@contextmanager
def what_if(production: Production, rules: Path) -> Iterator[tuple[Replay, Side, Side]]:
    sides = read_folder(SEEDS), read_folder(rules)
    with scored(production, *sides, DAYS, lambda _: None) as replay:
        yield replay


def rows_of(replay: Replay, side: Side) -> dict[str, list[tuple]]:
    return {
        name: replay.connection.execute(
            query.format(database=side.database) + " order by all"
        ).fetchall()
        for name, query in TABLES.items()
    }


def scored_from_raw(production: Production, rules: Path) -> dict[str, list[tuple]]:
    """The candidate's tables with nothing of production's tables but its history."""
    with what_if(replace(production, changed_vars=["all"]), rules) as (replay, _, candidate):
        assert "int_events_resolved" in candidate.built + replay.sides[0].built
        return rows_of(replay, candidate)


def assert_scores_as_from_raw(production: Production, rules: Path) -> None:
    with what_if(production, rules) as (replay, _, candidate):
        found = rows_of(replay, candidate)
    expected = scored_from_raw(production, rules)
    for name in TABLES:
        assert found[name] == expected[name], name
        assert found[name]


@pytest.mark.parametrize(
    "edits",
    [(weights, decays, bands), (conditions, new_rules, removed_rules, audiences), (exclusions,)],
    ids=["points", "conditions", "exclusions"],
)
def test_what_is_taken_from_production_is_what_would_be_built(
    production: Production, tmp_path: Path, edits: tuple[Edit, ...]
) -> None:
    assert_scores_as_from_raw(production, rules_with(tmp_path / "rules", *edits))


@pytest.mark.long
@pytest.mark.parametrize("edit", SINGLE_EDITS, ids=lambda edit: edit.__name__)
def test_each_kind_of_edit_scores_as_from_raw(
    production: Production, tmp_path: Path, edit: Edit
) -> None:
    assert_scores_as_from_raw(production, rules_with(tmp_path / "rules", edit))


def assert_scores_as_a_run(production: Production, home: Path, folder: Path, rules: Path) -> None:
    """A real run of dbt with the candidate's rules, on a copy of production."""
    real = folder / "real"
    real.mkdir()
    shutil.copy(home / "lead_scoring.duckdb", real)
    build(real, home, rules, as_of=AS_OF, backfill_from=FIRST)
    with what_if(production, rules) as (replay, _, candidate):
        replay.connection.execute(f"attach '{real / 'lead_scoring.duckdb'}' as real (read_only)")
        for name, query in TABLES.items():
            ours, theirs = (query.format(database=d) for d in (candidate.database, "real"))
            different = replay.connection.execute(
                f"(({ours}) except all ({theirs})) union all (({theirs}) except all ({ours}))"
            ).fetchall()
            assert not different, name


def test_the_candidate_scores_as_a_real_run_would(
    production: Production, home: Path, tmp_path: Path
) -> None:
    edits = (weights, decays, conditions, new_rules, new_scorecard, bands, audiences, catalogue)
    rules = rules_with(tmp_path / "rules", *edits)
    assert_scores_as_a_run(production, home, tmp_path, rules)


@pytest.mark.long
@pytest.mark.parametrize("edit", SINGLE_EDITS, ids=lambda edit: edit.__name__)
def test_each_kind_of_edit_scores_as_a_real_run_would(
    production: Production, home: Path, tmp_path: Path, edit: Edit
) -> None:
    assert_scores_as_a_run(production, home, tmp_path, rules_with(tmp_path / "rules", edit))


def found_by(production: Production, rules: Path) -> tuple[Side, Comparison]:
    with what_if(production, rules) as (replay, base, candidate):
        return candidate, compare(replay, base, candidate)


def test_the_same_rules_move_nothing(production: Production, tmp_path: Path) -> None:
    candidate, found = found_by(production, rules_with(tmp_path / "rules"))
    assert candidate.built == []
    assert not any(card.leads_rescored for card in found.scorecards)
    assert not any(m.moved for card in found.scorecards for m in card.matrices.values())
    assert {card.rank_correlation for card in found.scorecards} == {1.0}
    assert found.movers == [] and found.rule_hits == []


def test_a_changed_weight_touches_no_event_and_only_its_rule(
    production: Production, tmp_path: Path
) -> None:
    candidate, found = found_by(production, rules_with(tmp_path / "rules", weights))
    assert candidate.keys_built == {"int_rule_points_weighed": 1}
    untouched = {"int_events_counted", "int_activity_matched", "int_profile_conditions_matched"}
    assert not untouched & set(candidate.built)
    assert {hit.rule_id for hit in found.rule_hits} == {"eng_demo_request"}
    for mover in found.movers:
        assert "eng_demo_request" in [cause.rule_id for cause in mover.causes]


def test_a_changed_condition_is_matched_alone(production: Production, tmp_path: Path) -> None:
    def edit(folder: Path) -> None:
        set_cell(folder, "engagement_rules", "rule_id", "eng_pricing_study", "value", "30")

    candidate, _ = found_by(production, rules_with(tmp_path / "rules", edit))
    assert candidate.keys_built["int_activity_matched"] == 1
    assert "int_events_counted" not in candidate.built
