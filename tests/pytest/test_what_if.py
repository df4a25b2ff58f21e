"""What a change of the rules would do, against real runs with the changed rules."""

import csv
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import generate_demo
import measure_lift
import numpy as np
import pytest
import what_if as what_if_command
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.lift import auc_difference
from lead_scoring_tools.what_if.comparisons import Comparison, compare
from lead_scoring_tools.what_if.gates import Amount
from lead_scoring_tools.what_if.productions import Production, read_production
from lead_scoring_tools.what_if.replays import Replay, Side
from lead_scoring_tools.what_if.reports import Grid
from lead_scoring_tools.what_if.rule_sets import (
    CellChange,
    RuleChange,
    changes_between,
    read_folder,
    read_revision,
)
from lead_scoring_tools.what_if.runs import opened, scored
from lead_scoring_tools.what_if.writers import markdown_table
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
    sides = read_folder(SEEDS, {}), read_folder(rules, {})
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
    with opened(replace(production, changed_vars=["all"]), DAYS) as replay:
        side = replay.add_side("alone", read_folder(rules, {}), replay.scratch / "alone.duckdb")
        replay.score(side, lambda _: None)
        assert {"stg_raw__events", "int_events_resolved", "int_activity_matched"} <= set(side.built)
        return rows_of(replay, side)


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
    assert candidate.keys_built["int_rule_points_weighed"] == 1
    assert set(candidate.keys_built) <= {"int_rule_points_weighed", "scoring_rule_coverage"}
    assert set(candidate.keys_built.values()) == {1}
    untouched = {"int_events_counted", "int_activity_matched", "int_profile_conditions_matched"}
    assert not untouched & set(candidate.built)
    assert {hit.rule_id for hit in found.rule_hits} == {"eng_demo_request"}
    for mover in found.movers:
        assert "eng_demo_request" in [cause.rule_id for cause in mover.causes]


def test_a_changed_weight_scores_only_leads_that_have_its_rule(
    production: Production, tmp_path: Path
) -> None:
    with what_if(production, rules_with(tmp_path / "rules", weights)) as (replay, base, candidate):

        def leads_of(relation: str) -> set[str]:
            query = f"select distinct lead_id from {relation}"
            return {lead_id for (lead_id,) in replay.connection.execute(query).fetchall()}

        weighed = replay.relation(base, "int_rule_points_weighed")
        concerned = leads_of(f"{weighed} where rule_id = 'eng_demo_request'")
        assert leads_of(candidate.touched[base.database].leads) == concerned
        rows_built, _ = candidate.rows_built["lead_scores"]
        assert leads_of(rows_built) == concerned
        assert concerned < leads_of(replay.relation(candidate, "lead_scores"))


def test_a_changed_condition_is_matched_alone(production: Production, tmp_path: Path) -> None:
    def edit(folder: Path) -> None:
        set_cell(folder, "engagement_rules", "rule_id", "eng_pricing_study", "value", "30")

    candidate, _ = found_by(production, rules_with(tmp_path / "rules", edit))
    assert candidate.keys_built["int_activity_matched"] == 1
    assert "int_events_counted" not in candidate.built


def run_command(*arguments: str | Path) -> int:
    return what_if_command.main([str(argument) for argument in arguments])


def what_if_of(rules: Path, *arguments: str | Path) -> int:
    """The command on rules, against the shipped ones, in place of those that git remembers."""
    return run_command("--rules", rules, "--base", SEEDS, "--days", str(DAYS), *arguments)


def test_the_command_writes_reports_and_leaves_production_as_it_is(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = home / "lead_scoring.duckdb"
    before = hashlib.sha256(database.read_bytes()).hexdigest(), database.stat().st_mtime_ns
    rules = rules_with(tmp_path / "rules", weights, bands)
    limits = ("--fail-if", "band_moves >= 1", "--fail-if", "largest_move > 100")
    assert what_if_of(rules, "--out", tmp_path / "out", *limits) == 2
    after = hashlib.sha256(database.read_bytes()).hexdigest(), database.stat().st_mtime_ns
    assert after == before
    assert not list(home.glob("*.wal"))
    printed = capsys.readouterr()
    assert "--fail-if 'band_moves >= 1': found" in printed.err
    assert "largest_move" not in printed.err
    assert "eng_demo_request" in printed.out
    found = json.loads((tmp_path / "out" / "what_if.json").read_text())
    matrices = [card["matrices"]["lead_band"] for card in found["comparison"]["scorecards"]]
    assert all(
        matrix["moved"]
        == sum(map(sum, matrix["counts"]))
        - sum(row[place] for place, row in enumerate(matrix["counts"]))
        for matrix in matrices
    )
    assert sum(matrix["moved"] for matrix in matrices) > 0
    assert "eng\\_demo\\_request" in (tmp_path / "out" / "what_if.md").read_text()
    assert "<svg" in (tmp_path / "out" / "what_if.html").read_text()


def test_outcomes_of_the_base_are_those_that_measure_lift_finds(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = tmp_path / "won.csv"
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        leads = connection.execute("select distinct lead_id from lead_scores order by 1").fetchall()
    won = [f"{lead_id},2026-02-10" for (lead_id,) in leads[::9]]
    outcomes.write_text("\n".join(["lead_id,converted_at", *won]))
    rules = rules_with(tmp_path / "rules", weights)
    report = ("--out", tmp_path / "out", "--json", "--outcomes", outcomes)
    assert what_if_of(rules, *report) == 0
    found = json.loads(capsys.readouterr().out)["outcomes"][0]
    database = ("--database", str(home / "lead_scoring.duckdb"), "--scorecard", "b2b_saas")
    assert measure_lift.main([*database, "--outcomes", str(outcomes), "--json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    for name in ("auc", "auc_low", "auc_high", "top_decile_lift", "conversions", "leads"):
        assert found["before"][name] == measured[name]
    assert sum(band["leads"] for band in found["bands_before"]) == measured["leads"]
    assert found["auc_change"]["value"] == pytest.approx(
        found["after"]["auc"] - found["before"]["auc"]
    )


@pytest.mark.parametrize("is_base", [False, True])
def test_broken_rules_of_either_side_stop_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], is_base: bool
) -> None:
    broken = rules_with(tmp_path / "broken")
    set_cell(broken, "engagement_rules", "rule_id", "eng_pricing_view", "decay", "pricing_intnt")
    sides = (SEEDS, broken) if is_base else (broken, SEEDS)
    status = run_command("--rules", sides[0], "--base", sides[1], "--out", tmp_path / "out")
    assert status == 1
    assert f"{broken}/engagement_rules.csv:11" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--base", "no_such_revision"], "expected a git revision such as HEAD"),
        (["--days", "0"], "--days: expected a whole number from 1"),
        (["--days", "3", "--outcome-days", "14"], "--outcome-days: expected 7, 30, or less"),
        (["--fail-if", "bands > 1"], "expected a measure"),
        (["--fail-if", "largest_move > 1%"], "a number without %"),
        (["--rules", "nowhere"], "nowhere: expected a folder of rule files"),
        (["--vars", "{as_of: 2026-01-01}"], "as of 2026-01-31"),
    ],
)
def test_mistakes_are_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert run_command(*arguments) == 1
    printed = capsys.readouterr().err
    assert message in printed
    assert len(printed.strip().splitlines()) == 1


def test_the_base_comes_from_git(tmp_path: Path) -> None:
    rules = rules_with(tmp_path / "repository" / "rules")

    def git(*arguments: str) -> None:
        name = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *name, *arguments], cwd=rules.parent, check=True)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "Rules")
    weights(rules)
    base = read_revision(rules, "HEAD", tmp_path / "scratch", {})
    assert changes_between(base, read_folder(rules, {})) == [
        RuleChange(
            "engagement_rules", "eng_demo_request", "changed", [CellChange("points", "32", "12")]
        )
    ]
    assert base.name == "HEAD"
    outside = rules_with(tmp_path / "elsewhere")
    with pytest.raises(UserMistakeError, match="expected a folder in a git repository"):
        read_revision(outside, "HEAD", tmp_path / "scratch", {})


def test_no_database_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserMistakeError, match="Run make score first"):
        read_production(tmp_path / "none.duckdb", {})


def test_tables_of_a_run_that_did_not_finish_are_refused(home: Path, tmp_path: Path) -> None:
    shutil.copy(home / "lead_scoring.duckdb", tmp_path)
    with duckdb.connect(str(tmp_path / "lead_scoring.duckdb")) as connection:
        connection.execute("drop table main_intermediate.complete_run")
    with pytest.raises(UserMistakeError, match="Run make score first"):
        read_production(tmp_path / "lead_scoring.duckdb", {})


@pytest.mark.long
def test_a_run_that_fails_leaves_no_complete_run(home: Path, tmp_path: Path) -> None:
    shutil.copy(home / "lead_scoring.duckdb", tmp_path)
    rules = rules_with(tmp_path / "rules")
    set_cell(rules, "engagement_rules", "rule_id", "eng_pricing_view", "decay", "nothing")
    done = run_dbt("build", home=tmp_path, raw=home / "raw", seeds=rules, as_of=AS_OF)
    assert done.returncode != 0
    with pytest.raises(UserMistakeError, match="Run make score first"):
        read_production(tmp_path / "lead_scoring.duckdb", {})


def test_other_settings_than_those_of_the_run_are_noticed(home: Path) -> None:
    fields = {"event_fields": {"page_path": "text"}}
    changed = read_production(home / "lead_scoring.duckdb", fields)
    assert changed.changed_vars == ["event_fields"]
    assert not changed.is_current


def test_rows_that_share_an_id_are_compared_together(tmp_path: Path) -> None:
    rules = rules_with(tmp_path / "rules")
    edit_rows(
        rules,
        "fit_rules",
        lambda rows: [
            row
            for row in rows
            if (row["rule_id"], row["field"]) != ("fit_growing", "employee_count")
        ],
    )
    edit_rows(rules, "qualification_thresholds", lambda rows: rows[::-1])
    growing, order = changes_between(read_folder(SEEDS, {}), read_folder(rules, {}))
    assert (growing.item, growing.kind) == ("fit_growing", "changed")
    assert growing.cells == [
        CellChange("condition", "employee_count >= 50 and growth_rate >= 0.2", "growth_rate >= 0.2")
    ]
    assert (order.file, order.item) == ("qualification_thresholds", "order of the rows")


def test_text_from_rules_stays_text_in_markdown() -> None:
    grid = Grid(["a"], [["<b> | `x` [y](z)\n@all \x1b[31m"]])
    assert markdown_table(grid)[2] == (
        "| &lt;b&gt; \\| \\`x\\` \\[y\\]\\(z\\) \\@all \ufffd\\[31m |"
    )


def test_the_interval_of_a_difference_of_auc_is_that_of_its_pairs() -> None:
    outcomes = np.array([True, True, True, False, False, False])
    before = np.array([9.0, 2.0, 5.0, 1.0, 4.0, 3.0])
    after = np.array([9.0, 8.0, 5.0, 1.0, 4.0, 6.0])
    # Of 9 pairs, 7 are right before and 8 after. Share of pairs won per lead that converted: before
    # 1, 1/3, 1, after 1, 1, 2/3; lost per other lead: before 0, 1/3, 1/3, after 0, 0, 1/3.
    found = auc_difference(before, after, outcomes)
    wins, losses = np.array([0, 2 / 3, -1 / 3]), np.array([0, 1 / 3, 0])
    reach = 1.959963984540054 * np.sqrt(wins.var(ddof=1) / 3 + losses.var(ddof=1) / 3)
    assert found.value == pytest.approx(1 / 9)
    assert (found.low, found.high) == pytest.approx((1 / 9 - reach, 1 / 9 + reach))


def test_shares_of_nothing_are_infinite() -> None:
    assert Amount(3, 0).share() == float("inf")
    assert Amount(-3, 0).share() == -float("inf")
    assert Amount(0, 0).share() == 0
    assert Amount(3, 12).share() == 25
