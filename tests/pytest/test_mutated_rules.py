"""Whatever is done to the rule files: it is reported with file and line, or scores as it should."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from comparison import Comparison, compare
from lead_scoring_tools.rule_checks import check_rules
from lead_scoring_tools.rule_problems import ERROR, Problem
from lead_scoring_tools.templates import Templates
from mutated_rules import AS_OF, HOSTILE, RULES, Mutation, Mutator, rules_of, world_for
from pipeline import RefusedRulesError, compile_models, run_dbt, world_settings
from reference import score_world

# So long and at most so many folders in each run; on a slow machine at least so many.
SECONDS, FOLDERS, LEAST_FOLDERS = 40, 60, 12


@dataclass
class Outcome:
    """What became of one folder."""

    seed: int
    mutation: Mutation
    errors: list[Problem]
    faults: list[str]


def outcome_of(comparison: Comparison, home: Path, seed: int) -> Outcome:
    """Mutate, check, run the gate and the models, and compare them with the reference."""
    folder = home / f"rules_{seed}"
    mutation = Mutator(seed).write(folder, changes=1 + seed % 3)
    errors = [p for p in check_rules(folder, {}) if p.severity == ERROR]
    faults = [
        f"no file and line: {problem}"
        for problem in errors
        if not (Path(problem.path).exists() and problem.line) and "no such file" not in str(problem)
    ]
    faults += [
        f"not one line: {p}" for p in errors if not str(p).isprintable() or len(str(p)) > 900
    ]
    files_are_read = all(problem.item for problem in errors)
    if files_are_read:
        faults += run_faults(comparison, folder, seed, errors)
    shutil.rmtree(folder)
    return Outcome(seed, mutation, errors, faults)


def run_faults(
    comparison: Comparison, folder: Path, seed: int, errors: list[Problem]
) -> Iterator[str]:
    """Where the gate or the models differ from the check or the reference."""
    world = world_for(rules_of(folder), seed)
    try:
        tables = comparison.tables(world)
    except RefusedRulesError as refusal:
        told = {(p.path, p.line, p.item, p.expected, p.found, p.remedy) for p in errors}
        lines = str(refusal).splitlines()
        if len(lines) != len(told):
            yield f"the gate refuses {lines}, the check {[str(p) for p in errors]}"
        return
    if errors:
        yield f"only the check refuses: {[str(problem) for problem in errors]}"
        return
    yield from compare(tables, score_world(world))


def outcomes(comparison: Comparison, home: Path, seeds: range, seconds: float) -> list[Outcome]:
    started = time.monotonic()
    found = []
    for seed in seeds:
        found.append(outcome_of(comparison, home, seed))
        if time.monotonic() - started > seconds and len(found) >= LEAST_FOLDERS:
            break
    return found


def assert_sound(found: list[Outcome]) -> None:
    wrong = [(o.seed, o.mutation.done, o.faults[:3]) for o in found if o.faults]
    assert wrong == []


def test_mutated_rules_are_reported_or_score_as_the_reference(
    comparison: Comparison, tmp_path: Path
) -> None:
    found = outcomes(comparison, tmp_path, range(FOLDERS), SECONDS)
    assert_sound(found)
    # Some of each, or nothing was proved.
    assert any(outcome.errors for outcome in found)
    assert any(not outcome.errors for outcome in found)


@pytest.mark.long
def test_thousands_of_mutated_rules_are_reported_or_score_as_the_reference(
    comparison: Comparison, tmp_path: Path
) -> None:
    found = outcomes(comparison, tmp_path, range(1_000, 5_000), 3_600)
    assert_sound(found)


def test_the_check_runs_the_sql_that_dbt_compiles(tmp_path: Path) -> None:
    """But for the names of relations, which are plain where only rule files are loaded."""
    given_world = world_for({}, 0)
    home = tmp_path / "compiled"
    home.mkdir()
    with duckdb.connect(str(home / "lead_scoring.duckdb")) as connection:
        connection.execute("create schema raw_files")
        connection.execute("create table raw_files.raw_events (event_id varchar)")
        connection.execute("create table raw_files.raw_leads (lead_id varchar)")
    compiled = compile_models(home, world_settings(given_world))
    templates = Templates({})
    checked = 0
    for model in compiled.models:
        if model.schema != "main_intermediate" or not model.name.endswith(
            ("_problems", "_warnings", "_parsed", "_keyed", "_unioned")
        ):
            continue
        sql, parents = templates.sql(model.name)
        dbt_sql = model.sql
        for parent in parents:
            for schema in ("main_rules", "main_intermediate"):
                dbt_sql = dbt_sql.replace(f'"lead_scoring"."{schema}"."{parent}"', parent)
        assert normal(sql) == normal(dbt_sql), model.name
        checked += 1
    assert checked >= 12


def normal(sql: str) -> str:
    """Without line ends and blanks, and with dbt's names of types."""
    return " ".join(sql.lower().replace(" string", " text").split())


# Through dbt, whose own reader and loader are part of the way


def test_hostile_cells_stay_data_on_the_way_through_dbt(tmp_path: Path) -> None:
    """Every cell of the file is what was written; nothing but the described columns is made."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    cells = [cell.replace("\0", "") for cell in HOSTILE]
    rows = ["suppression_id,field,operator,value,reason,x) as y; drop table z; --"]
    for number, cell in enumerate(cells):
        quoted = '"' + cell.replace('"', '""') + '"'
        rows.append(f"s{number},{quoted},equals,{quoted},{quoted},{quoted}")
    rows.append(f"long,country,equals,{'x' * 100_000},No,")
    (rules / "suppressions.csv").write_text("\n".join(rows) + "\n", encoding="utf-8", newline="")
    done = run_dbt("seed", home=tmp_path, seeds=rules, raw=tmp_path, as_of=AS_OF.isoformat())
    assert done.returncode == 0, done.stdout
    read = rules_of(rules)["suppressions"]
    with duckdb.connect(str(tmp_path / "lead_scoring.duckdb"), read_only=True) as connection:
        query = "select * exclude (line_number) from main_rules.suppressions order by line_number"
        loaded = connection.execute(query).fetchall()
    assert loaded == [tuple(row.values()) for row in read]
    assert len(loaded) == len(HOSTILE) + 1


@pytest.mark.parametrize("seed", [11, 12])
def test_mutated_rules_through_dbt_are_refused_as_the_check_says(tmp_path: Path, seed: int) -> None:
    rules = tmp_path / "rules"
    mutator = Mutator(seed)
    while True:
        mutation = mutator.write(rules, changes=4)
        errors = [p for p in check_rules(rules, {}) if p.severity == ERROR]
        if mutation.is_well_formed and errors and all(problem.item for problem in errors):
            break
        shutil.rmtree(rules)
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "raw_leads.csv").write_text("lead_id,email,created_at\nL1,a@b.example,2024-01-01\n")
    (raw / "raw_events.csv").write_text("event_id,lead_id,event_type,occurred_at\n")
    done = run_dbt(
        "build",
        "--select",
        "+int_rule_problems",
        "--exclude-resource-type",
        "unit_test",
        home=tmp_path,
        seeds=rules,
        raw=raw,
        as_of=AS_OF.isoformat(),
    )
    assert done.returncode != 0
    told = {line.strip() for line in done.stdout.splitlines() if "[lead_scoring]" in line}
    places = {(line.split(",")[0].split(" ", 1)[1], line.split(": expected ")[1]) for line in told}
    for problem in errors:
        message = f"{problem.expected}, found {problem.found}. {problem.remedy}"
        assert (f"{Path(problem.path).name}:{problem.line}", message) in places
