"""Bad input ends in one message that names the place and the remedy, and never in a wrong score."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from comparison import Comparison
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.rule_checks import check_rule_files
from lead_scoring_tools.rule_definition import rule_files
from pipeline import PROJECT, RefusedRulesError, run_dbt
from reference import World
from reference.world import LEAD_FIELDS
from test_reference import catalogued, curve, engagement_rule, rule, scorecard, world

RULES = PROJECT / "seeds" / "scoring"
LEADS = "lead_id,email,created_at\nL1,a@example.com,2025-01-01\n"
EVENTS = "event_id,lead_id,event_type,occurred_at\nE1,L1,page_view,2026-01-01\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "raw_leads.csv").write_text(LEADS)
    (folder / "raw_events.csv").write_text(EVENTS)
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def build(home: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    arguments = arguments or ("build", "--exclude-resource-type", "unit_test", "test")
    return run_dbt(*arguments, home=home, **({"as_of": "2026-01-31"} | more))


def problem_lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = [line.strip() for line in done.stdout.splitlines() if "[lead_scoring]" in line]
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stdout
    return list(dict.fromkeys(lines))


@pytest.mark.parametrize("as_of", ["yesterday", "2026-02-30", "2026-1-5", "31.01.2026", 20260131])
def test_a_wrong_date_is_refused(tmp_path: Path, raw: Path, as_of: Any) -> None:
    [line] = problem_lines(build(tmp_path, "compile", raw=raw, as_of=as_of))
    assert line.startswith("[lead_scoring] var as_of: expected an ISO date such as 2026-01-31")
    assert f"found '{as_of}'" in line


def test_wrong_field_declarations_are_reported_together(tmp_path: Path, raw: Path) -> None:
    done = build(
        tmp_path,
        "compile",
        raw=raw,
        lead_fields={"seniority": "txt", "two words": "text", "events_30d": "number"},
        event_fields="page_path",
        purchase_types="purchase",
    )
    lines = problem_lines(done)
    assert len(lines) == 5
    assert any("var lead_fields, seniority: expected one of text" in line for line in lines)
    assert any("'two words'" in line for line in lines)
    assert any("no behavioural trait, found 'events_30d'" in line for line in lines)
    assert any("var event_fields: expected a mapping" in line for line in lines)
    assert any("var purchase_types: expected a list" in line for line in lines)


def test_wrong_settings_are_reported_together(tmp_path: Path, raw: Path) -> None:
    done = build(
        tmp_path,
        "compile",
        raw=raw,
        sales_stages="sql",
        trend_points=-1,
        forecast_days=731,
        history_fill_days=0,
        recycled_days=1.5,
        cooling_days="many",
        loaded_at_tolerance_minutes=-1,
    )
    lines = [line.split(". ")[0] for line in problem_lines(done)]
    assert lines == [
        "[lead_scoring] var sales_stages: expected a list of stages such as [sql], found 'sql'",
        "[lead_scoring] var trend_points: expected a number of at least 0, found '-1'",
        "[lead_scoring] var forecast_days: expected a whole number from 0 to 730, found '731'",
        "[lead_scoring] var history_fill_days: expected a whole number of at least 1, found '0'",
        "[lead_scoring] var recycled_days: expected a whole number of at least 0, found '1.5'",
        "[lead_scoring] var cooling_days: expected a whole number of at least 0, found 'many'",
        "[lead_scoring] var loaded_at_tolerance_minutes: expected a whole number of at least 0,"
        " found '-1'",
    ]


def test_missing_raw_data_is_named(tmp_path: Path) -> None:
    [line] = problem_lines(build(tmp_path, raw=tmp_path / "nowhere"))
    assert "nowhere/raw_leads.parquet or .csv: expected the leads" in line
    assert "make demo" in line


def test_missing_raw_columns_are_named_together(tmp_path: Path, raw: Path) -> None:
    (raw / "raw_leads.csv").write_text("id,email\nL1,a@example.com\n")
    (raw / "raw_events.csv").write_text("event_id,event_type\nE1,page_view\n")
    lines = problem_lines(build(tmp_path, raw=raw))
    assert any("raw_leads" in line and "expected column lead_id" in line for line in lines)
    assert any("raw_events" in line and "expected column occurred_at" in line for line in lines)
    assert any("raw_events" in line and "lead_id or anonymous_id" in line for line in lines)


def test_a_table_in_two_forms_is_refused(tmp_path: Path, raw: Path) -> None:
    duckdb.sql("select 'L1' as lead_id").write_parquet(str(raw / "raw_leads.parquet"))
    [line] = problem_lines(build(tmp_path, raw=raw))
    assert "expected raw_leads.parquet or raw_leads.csv, found both" in line


def test_half_a_parquet_file_is_named(tmp_path: Path, raw: Path) -> None:
    (raw / "raw_leads.csv").unlink()
    whole = raw / "raw_leads.parquet"
    duckdb.sql("select 'L1' as lead_id from range(1000)").write_parquet(str(whole))
    whole.write_bytes(whole.read_bytes()[:-20])
    [line] = problem_lines(build(tmp_path, raw=raw))
    assert f"{whole}: expected a whole Parquet file, found " in line
    assert "rename it when it is whole" in line


def test_rules_on_events_need_events(tmp_path: Path, raw: Path) -> None:
    (raw / "raw_events.csv").unlink()
    lines = problem_lines(build(tmp_path, raw=raw))
    assert any("found 'no table or file raw_events'" in line for line in lines)


def test_a_missing_rule_file_is_named(rules: Path) -> None:
    (rules / "score_bands.csv").unlink()
    with pytest.raises(UserMistakeError) as refusal:
        check_rule_files(rules, {})
    assert str(refusal.value) == (
        f"[lead_scoring] {rules}/score_bands.csv: expected a file with the header"
        " scorecard,score,band,min_score, found no such file."
        " Write one; it may hold the header only."
    )


def test_broken_rule_files_are_named_with_their_lines(rules: Path) -> None:
    (rules / "suppressions.csv").write_text("suppression_id;field\nx;y\n")
    (rules / "fit_rules.csv").write_text("rule_id,scorecard\na,b\nc,d,e\n")
    (rules / "scorecards.csv").write_bytes("scorecard,description\na,Büro\n".encode("latin-1"))
    with pytest.raises(UserMistakeError) as refusal:
        check_rule_files(rules, {})
    lines = str(refusal.value).splitlines()
    assert sum("suppressions.csv" in line for line in lines) == 1
    assert any("fit_rules.csv:3: expected 2 cells, found 3" in line for line in lines)
    assert any("suppressions.csv:1: expected a header of columns joined" in line for line in lines)
    assert any("scorecards.csv:2: expected text in UTF-8, found the byte 0xfc" in x for x in lines)
    assert sum("expected the column" in line for line in lines) == 6


def test_the_list_of_rule_files_is_that_of_the_folder() -> None:
    assert {path.stem for path in RULES.glob("*.csv")} == set(rule_files())


def test_a_missing_rule_column_is_named_and_files_stay_as_they_are(
    tmp_path: Path, raw: Path, rules: Path
) -> None:
    text = (rules / "fit_rules.csv").read_text()
    (rules / "fit_rules.csv").write_text(text.replace("points,", "pts,", 1))
    before = {path.name: path.read_text() for path in rules.iterdir()}
    lines = problem_lines(build(tmp_path, raw=raw, seeds=rules))
    assert any("fit_rules.csv:1: expected column points" in line for line in lines)
    assert {path.name: path.read_text() for path in rules.iterdir()} == before


def test_rules_know_the_lines_on_which_they_begin(tmp_path: Path, raw: Path, rules: Path) -> None:
    (rules / "suppressions.csv").write_text(
        "suppression_id,field,operator,value,reason\r\n"
        '\r\na,country,in,"x|\r\ny","Two\r\nlines"\r\nb,country,in,"a,b",No\r\n'
    )
    done = build(tmp_path, "seed", "--select", "suppressions", raw=raw, seeds=rules)
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(tmp_path / "lead_scoring.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select suppression_id, line_number from main_rules.suppressions order by line_number"
        ).fetchall()
    assert rows == [(None, 2), ("a", 3), ("b", 6)]


def test_broken_rules_stop_the_run_before_anything_is_scored(
    tmp_path: Path, raw: Path, rules: Path
) -> None:
    count = len((rules / "fit_rules.csv").read_text().splitlines())
    with (rules / "fit_rules.csv").open("a") as file:
        file.write('good,b2b_saas,demographic,country,in,"Sp|\nES",5,"Lives\nin Spain"\n')
        file.write("bad_1,b2b_saas,demographic,shoe_size,equals,43,5,Has large feet\n")
        file.write("bad_2,b2b_saas,demographic,country,between,a|b,5,Lives between\n")
    lines = problem_lines(build(tmp_path, raw=raw, seeds=rules))
    starts = [line.split(", found")[0] for line in lines]
    assert starts == [
        f"[lead_scoring] fit_rules.csv:{count + 4}, bad_1, field shoe_size: expected a field that"
        " is declared",
        f"[lead_scoring] fit_rules.csv:{count + 5}, bad_2, field country: expected an operator for"
        " a text field",
    ]
    with duckdb.connect(str(tmp_path / "lead_scoring.duckdb"), read_only=True) as connection:
        tables = {row[0] for row in connection.execute("show tables").fetchall()}
    assert "lead_scores" not in tables


def fit(condition: str = "country equals x", **columns: str) -> dict[str, Any]:
    return {"fit_rules": [rule("r", condition, **columns)]}


def bands(*rows: tuple[str, str, str]) -> dict[str, Any]:
    keys = ("score", "band", "min_score")
    return {"score_bands": [dict(zip(keys, row, strict=True), scorecard="g") for row in rows]}


def threshold(**columns: str | None) -> dict[str, Any]:
    right = {
        "scorecard": "g",
        "stage": "mql",
        "score": "lead",
        "enter_at": "50",
        "exit_below": "40",
        "exit_days": "7",
    }
    return {"qualification_thresholds": [right | columns]}


def rollup(method: str | None, top_k: str | None = None, discount: str | None = None) -> Any:
    row = {"scorecard": "g", "method": method, "top_k": top_k, "discount": discount}
    return {"account_rollups": [row]}


def role_rule(role: str | None, field: str = "country", rule_id: str = "r") -> dict[str, Any]:
    return {"role_rule_id": rule_id, "role": role, "field": field, "operator": "is_known"}


def step(field: str | None, value: str | None, step: str | None = "decision") -> dict[str, Any]:
    return {"journey_steps": [{"field": field, "value": value, "step": step}]}


BROKEN_RULES = [
    ("unknown field", fit("shoe_size equals 43"), "a field that is declared"),
    ("a trait is no fit field", fit("events_30d > 3"), "a field that is declared"),
    ("operator of another type", fit("country > 3"), "an operator for a text field"),
    ("unknown operator", fit("country is x"), "an operator for a text field"),
    ("no value", fit("country equals"), "a value for equals"),
    ("only bars", fit("country in |"), "a value for in"),
    ("value without need", fit("country is_known x"), "no value for is_known"),
    ("no number", fit("employee_count > many"), "a number"),
    ("two numbers", fit("employee_count > 1|2"), "a number"),
    ("no number in a list", fit("employee_count in 1|x"), "numbers joined by |"),
    ("no date", fit("created_at > soon"), "an ISO date"),
    ("no days", fit("created_at within_days soon"), "a number"),
    ("reversed range", fit("employee_count between 9|1"), "a range low|high"),
    ("half a range", fit("employee_count between 9"), "a range low|high"),
    ("range of dates", fit("created_at between 2024-02-01|2024-01-01"), "a range low|high"),
    ("two members", fit("technologies contains a|b"), "one member"),
    *[
        (f"pattern {pattern}", fit(f"country matches {pattern}"), "a regular expression")
        for pattern in ("(", "a)", "[a", "a**", "*a", "(?i)a", "a\\b", "\\1", "a{2", "[z-a]", "a+?")
    ],
    ("points are no number", fit(points="ten"), "points that are a number"),
    ("no points", fit(points=""), "points that are a number"),
    ("no reason", fit(reason=""), "a reason"),
    ("no category", fit(category=""), "a category"),
    ("reserved id", {"fit_rules": [rule("cap:x", "country equals x")]}, "does not begin with cap:"),
    ("no id", {"fit_rules": [rule("", "country equals x")]}, "an id in each row"),
    (
        "rows disagree",
        {"fit_rules": [rule("r", "country equals x"), rule("r", "email is_known", "5")]},
        "the same points in all rows",
    ),
    (
        "id in two files",
        fit() | {"engagement_rules": [engagement_rule("r")]},
        "an id in one file only",
    ),
    ("unknown scorecard", fit(scorecard="other"), "a scorecard of scorecards.csv"),
    (
        "unknown event type",
        {"engagement_rules": [engagement_rule(event_type="odd")]},
        "an event type of event_catalog.csv",
    ),
    ("unknown decay", {"engagement_rules": [engagement_rule(decay="x")]}, "a decay of decay_cur"),
    ("daily cap 0", {"engagement_rules": [engagement_rule(daily_cap="0")]}, "a daily_cap above 0"),
    ("max_points", {"engagement_rules": [engagement_rule(max_points="x")]}, "max_points that is"),
    (
        "window without bounds",
        {"engagement_rules": [engagement_rule(within_days="7")]},
        "within_days together with min_events",
    ),
    (
        "bounds without window",
        {"engagement_rules": [engagement_rule(min_events="7")]},
        "within_days together with min_events",
    ),
    (
        "bounds reversed",
        {"engagement_rules": [engagement_rule(min_events="7", max_events="1", within_days="7")]},
        "0 <= min_events <= max_events",
    ),
    (
        "decaying silence",
        {
            "engagement_rules": [engagement_rule(max_events="0", within_days="7", decay="d")],
            "decay_curves": [curve("linear", "3")],
        },
        "min_events of at least 1",
    ),
    ("curve without days", {"decay_curves": [curve("linear")]}, "days above 0"),
    ("unknown kind", {"decay_curves": [curve("wobbly", "3")]}, "none, exponential, linear"),
    ("percent", {"decay_curves": [curve("stepped", "3", "101")]}, "percent from 0 to 100"),
    ("floor", {"decay_curves": [curve("none", floor="2")]}, "a floor from 0 to 1"),
    ("curve twice", {"decay_curves": [curve("none"), curve("none")]}, "each curve once"),
    ("weights", {"scorecards": [scorecard(fit_weight="0", engagement_weight="0")]}, "not both 0"),
    (
        "no maximum",
        {"scorecards": [scorecard(fit_max_points="0")]},
        "engagement_max_points above 0",
    ),
    ("scorecard twice", {"scorecards": [scorecard(), scorecard()]}, "each scorecard once"),
    (
        "cap above 0",
        {"category_caps": [{"scorecard": "g", "score": "fit", "category": "c", "min_points": "1"}]},
        "min_points <= 0 <= max_points",
    ),
    ("no band at 0", bands(("fit", "A", "50")), "a band that starts at 0"),
    ("same start", bands(("fit", "A", "0"), ("fit", "B", "0.0")), "different names and min_scores"),
    ("band of nothing", bands(("love", "A", "0")), "score fit, engagement or lead"),
    (
        "stage of unknown bands",
        {
            "lead_stages": [
                {"scorecard": "g", "fit_band": "Z", "engagement_band": "9", "stage": "s"}
            ]
        },
        "one of the fit bands of score_bands.csv",
    ),
    ("type twice", {"event_catalog": [catalogued("a"), catalogued(" A")]}, "each raw_event_type"),
    ("star", {"event_catalog": [catalogued("a", event_type="*")]}, "an event_type other than *"),
    (
        "suppression without reason",
        {
            "suppressions": [
                {"suppression_id": "s", "field": "country", "operator": "is_known"},
            ]
        },
        "one reason",
    ),
    ("threshold of nobody", threshold(scorecard="other"), "a scorecard of scorecards.csv"),
    ("threshold without stage", threshold(stage=" "), "a stage other than suppressed"),
    ("stage suppressed", threshold(stage="Suppressed"), "a stage other than suppressed"),
    ("threshold of nothing", threshold(score="love"), "score fit, engagement or lead"),
    ("no entry", threshold(enter_at=None), "0 <= exit_below <= enter_at <= 100"),
    ("exit above entry", threshold(exit_below="51"), "0 <= exit_below <= enter_at <= 100"),
    ("half a day", threshold(exit_days="0.5"), "whole exit_days from 1 to 3650"),
    ("no exit days", threshold(exit_days=None), "whole exit_days from 1 to 3650"),
    (
        "threshold twice",
        {
            "qualification_thresholds": [
                threshold()["qualification_thresholds"][0],
                threshold(stage="MQL ")["qualification_thresholds"][0],
            ]
        },
        "one row for each score of a stage",
    ),
    ("role that nobody fills", {"buying_roles": [{"role": "user"}]}, "a rule in buying_role_rules"),
    ("role of nobody", {"buying_role_rules": [role_rule("user")]}, "a role of buying_roles.csv"),
    (
        "role twice",
        {
            "buying_roles": [{"role": "user"}, {"role": "User"}],
            "buying_role_rules": [role_rule("user")],
        },
        "each role once",
    ),
    (
        "rows of two roles",
        {
            "buying_roles": [{"role": "user"}, {"role": "finance"}],
            "buying_role_rules": [role_rule("user"), role_rule("finance", "email")],
        },
        "the same role in all rows",
    ),
    (
        "trait of a role",
        {
            "buying_roles": [{"role": "user"}],
            "buying_role_rules": [role_rule("user", "events_30d")],
        },
        "a field that is declared",
    ),
    (
        "role without rule id",
        {"buying_roles": [{"role": "user"}], "buying_role_rules": [role_rule("user", rule_id=" ")]},
        "an id in each row",
    ),
    ("roll-up", rollup("median"), "method max, sum or top_k"),
    ("top_k without k", rollup("top_k", discount="0.5"), "a whole top_k of at least 1"),
    ("half a lead", rollup("top_k", "1.5", "0.5"), "a whole top_k of at least 1"),
    ("discount above 1", rollup("top_k", "2", "1.5"), "a discount from 0 to 1"),
    ("k without top_k", rollup("sum", "2"), "top_k and discount for the method top_k only"),
    ("step of nothing", step("page_path", "/"), "field event_type or content_topic"),
    ("unknown step", step("content_topic", "roi", "purchase"), "step awareness, consideration"),
    ("step without value", step("content_topic", " "), "a value, found nothing"),
    ("step of an unknown type", step("event_type", "odd"), "an event type of event_catalog.csv"),
    ("erasure of nobody", {"erasures": [{"lead_id": " "}]}, "a lead_id in each row"),
]


@pytest.mark.parametrize(
    ("seeds", "expected"),
    [case[1:] for case in BROKEN_RULES],
    ids=[case[0] for case in BROKEN_RULES],
)
def test_a_broken_rule_is_refused(
    comparison: Comparison, seeds: dict[str, Any], expected: str
) -> None:
    with pytest.raises(RefusedRulesError) as refusal:
        comparison.tables(world(**seeds))
    lines = str(refusal.value).splitlines()
    assert any(expected in line for line in lines), lines
    assert all(line.startswith("[lead_scoring] ") and ": expected " in line for line in lines)


@pytest.mark.parametrize(
    "pattern",
    [
        "^vp",
        "a|b",
        "(a|b)+c?",
        "[a-z]{2,3}$",
        r"\d+\s\w*",
        r"[.+_-]\(",
        "(^|\\s)(x|y(z)?)",
        r"[^\d|]",
    ],
)
def test_supported_patterns_pass(comparison: Comparison, pattern: str) -> None:
    found, _ = comparison.differences(world(**fit(f"country matches {pattern}")))
    assert found == []


def test_cells_stay_data(comparison: Comparison) -> None:
    odd = """'; drop table x; -- {{ 1/0 }} {% raw %} " \\ \u202e % _ 🚀"""
    given = world(
        leads=[{"lead_id": odd, "created_at": "2024-01-01", "country": odd}],
        fit_rules=[
            rule("r", "country equals x", reason=odd) | {"value": odd},
            rule(odd, "country is_known", category=odd),
        ],
    )
    found, result = comparison.differences(given)
    assert found == []
    assert len(result.contributions) == 2


def test_broken_rows_of_data_are_counted_and_the_rest_is_scored(tmp_path: Path, raw: Path) -> None:
    (raw / "raw_leads.csv").write_text(
        "lead_id,email,created_at,seats\n"
        "L1,a@example.com,2025-01-01,5\n"
        "L2,b@example.com,soon,many\n"
        ",c@example.com,2025-01-01,1\n"
        "L4,d@example.com\n"
        'L5,"unended\n'
    )
    done = build(
        tmp_path, raw=raw, lead_fields=LEAD_FIELDS | {"seats": "number", "shoes": "number"}
    )
    assert done.returncode == 0, done.stdout
    with duckdb.connect(str(tmp_path / "lead_scoring.duckdb"), read_only=True) as connection:
        issues = connection.execute(
            "select issue, detail, affected_rows from data_quality_issues"
            " where table_name = 'raw_leads' and issue <> 'broken_line'"
        ).fetchall()
        broken = connection.execute(
            "select affected_rows from data_quality_issues where issue = 'broken_line'"
        ).fetchone()
        leads = connection.execute("select distinct lead_id from lead_scores").fetchall()
    assert set(issues) >= {
        ("no_id", None, 1),
        ("unreadable_timestamp", "created_at", 1),
        ("unreadable_number", "seats", 1),
        ("missing_column", "shoes", 3),
    }
    assert broken == (2,)
    assert sorted(leads) == [("L1",), ("L2",)]


def test_a_world_without_rows_is_scored(comparison: Comparison) -> None:
    empty = replace(world(), raw={})
    assert isinstance(empty, World)
    found, result = comparison.differences(empty)
    assert found == []
    assert result.lead_scores == []
