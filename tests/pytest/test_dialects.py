"""What an engine without a server could not read is found in its compiled SQL."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from pipeline import PROJECT

PYTHON = PROJECT / ".venv-dialects" / "bin" / "python"
PARSE = """
import json, sys
from lead_scoring_tools.dialects.parsing import Statement, problems
for engine, sql in json.load(sys.stdin):
    statement = Statement("models/a.sql", "first run", "select", sql)
    print(json.dumps([str(problem) for problem in problems(engine, [statement])]))
"""
# Engine, statement, and what the message says: nothing where there is none.
CASES = [
    ("snowflake", "select a::int qualify", "expected SQL that parses"),
    ("snowflake", "select trim(both ' ' from a) as b from t", "expected SQL that parses"),
    ("snowflake", "select list_contains(a, 'x') as b from t", "found 'list_contains'"),
    ("snowflake", "select (a at time zone 'UTC') as b from t", "expected SQL of the engine"),
    ("snowflake", r"select '\d' as a", r"found '\d'"),
    ("snowflake", "select cast(a as hugeint) as b from t", "found 'hugeint'"),
    ("bigquery", "select a from t union select a from u", "expected SQL that parses"),
    ("bigquery", "select a % 2 as b from t", "found '%'"),
    ("bigquery", "select cast(a as double precision) as b from t", "found 'double precision'"),
    ("bigquery", "select sum(a) filter (where b > 0) as c from t", "found 'filter'"),
    ("bigquery", "select a ilike 'x' as b from t", "expected SQL of the engine"),
    ("databricks", "select string_split(a, '|') as b from t", "found 'string_split'"),
    ("databricks", "select 'it''s' as a", "expected quotes and backslashes"),
    ("databricks", "select cast(a as numeric(28, 6)) as b from t", None),
    ("snowflake", "delete from t where exists (select 1 from u where u.a = t.a)", None),
    ("bigquery", r"select 'it\'s' as a, trim(b, '|') as c from `p.d.t`", None),
]
MODELS = {
    "clean": "select {{ type_double() }} as a",
    "failing": """select {% if execute %} {{ dbt.split_part('a', "'|'", 'b') }} {% endif %} as c""",
    "leaking": "select list_contains(a, 'x') as b from {{ ref('clean') }}",
    "later": """{{ config(materialized='incremental', incremental_strategy='merge') }}
        select 1 as a {% if is_incremental() %} where list_has_any(a, b) {% endif %}""",
    "hooked": """{{ config(post_hook="delete from {{ this }} where a ~ 'x'") }} select 1 as a""",
    "strategy": """{{ config(materialized='incremental', incremental_strategy='append') }}
        select 1 as a""",
}

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="the adapters are not installed: make test-dialects"
)


@pytest.fixture(scope="module")
def messages() -> list[list[str]]:
    """The messages of each case, of one process for all of them."""
    done = subprocess.run(
        [str(PYTHON), "-c", PARSE],
        input=json.dumps([case[:2] for case in CASES]),
        cwd=PROJECT / "scripts",
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_what_an_engine_lacks_is_found(messages: list[list[str]], number: int) -> None:
    engine, sql, expected = CASES[number]

    if expected is None:
        assert messages[number] == []
    else:
        assert len(messages[number]) == 1, sql
        assert messages[number][0].startswith(f"[lead_scoring] models/a.sql ({engine}): ")
        assert expected in messages[number][0]


def check(folder: Path, models: dict[str, str]) -> dict[str, str]:
    """The problems on BigQuery of a project that has the macros and these models, by model."""
    shutil.copytree(PROJECT / "macros", folder / "macros")
    (folder / "models").mkdir()
    for name, sql in models.items():
        (folder / "models" / f"{name}.sql").write_text(sql)
    (folder / "dbt_project.yml").write_text(
        "{name: lead_scoring, profile: lead_scoring, version: '1.0.0',"
        " vars: {lead_fields: {}, account_fields: {}, event_fields: {}}}"
    )
    done = subprocess.run(
        [str(PYTHON), "scripts/check_dialects.py", "--engine=bigquery", f"--project={folder}"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    found = dict(line.split(".sql (bigquery): ", 1) for line in done.stderr.splitlines())
    return {subject.removeprefix("[lead_scoring] models/"): told for subject, told in found.items()}


def test_all_problems_of_a_project_are_reported_at_once(tmp_path: Path) -> None:
    problems = check(tmp_path, MODELS)

    assert sorted(problems) == ["failing", "hooked", "later", "leaking", "strategy"]
    assert "in macro split_part" in problems["failing"]
    assert "where a ~ 'x'" in problems["hooked"]
    assert "'list_has_any'" in problems["later"]
    assert "'list_contains'" in problems["leaking"]
    assert "Invalid incremental strategy provided: append" in problems["strategy"]


def test_a_macro_that_stops_dbt_is_named_with_the_model_that_calls_it(tmp_path: Path) -> None:
    broken = """select {{ dbt.split_part('a', "'|'", 'b') }} as c"""

    problems = check(tmp_path, {"broken": broken})

    assert list(problems) == ["broken"]
    assert "expected models that compile" in problems["broken"]
    assert "in macro split_part" in problems["broken"]
