"""Everything that dbt shows a reader is described, and what is described is there."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pipeline import PROJECT, run_dbt

Node = dict[str, Any]

PACKAGE = "lead_scoring"
SIGNATURE = re.compile(r"\{%-?\s*macro\s+(\w+)\s*\((.*?)\)\s*-?%\}", re.DOTALL)
NAMED_BY_HAND = re.compile(r"\{\{ ?(ref|source|raw_relation)\([^{}]*\) ?\}\} as ")
ENGINE_NAMED = re.compile(
    r"\b(duckdb|postgres|spark|snowflake|bigquery|databricks)__|\btarget\.type\b"
)
CROSS_JOIN = re.compile(r"\bcross\s+join\b", re.IGNORECASE)
PAGES = ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "examples/**/*.md")
CODE = re.compile(r"```sql\n(.*?)```|`([^`\n]+)`", re.DOTALL)
INNER_MODEL = re.compile(r"(?<![\w/])(?:int|stg)_\w+")
TABLE_READ = re.compile(r"\b(?:from|join)\s+(?:\w+\.)*(\w+)")
NAME_IN_CODE = re.compile(r"`(\w+)`")
VARIANT = re.compile(r"(default|duckdb|postgres|spark|snowflake|bigquery|databricks)__")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("parsed")
    done = run_dbt("parse", home=home)
    assert done.returncode == 0, done.stdout
    return json.loads((home / "target" / "manifest.json").read_text())


@pytest.fixture(scope="module")
def built_columns(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The columns of each table, from a build without rows."""
    home = tmp_path_factory.mktemp("built")
    done = run_dbt(
        "build", "--empty", "--exclude-resource-type", "test", "unit_test", home=home, raw=home
    )
    assert done.returncode == 0, done.stdout
    columns: dict[str, list[str]] = {}
    with duckdb.connect(str(home / "lead_scoring.duckdb"), read_only=True) as connection:
        query = "select table_name, column_name from information_schema.columns order by all"
        for table, column in connection.execute(query).fetchall():
            columns.setdefault(table, []).append(column)
    return columns


def test_every_model_seed_and_source_is_described(manifest: dict[str, Any]) -> None:
    nodes = [*_nodes(manifest, "model"), *_nodes(manifest, "seed"), *manifest["sources"].values()]

    assert nodes
    assert [node["name"] for node in nodes if not node["description"].strip()] == []


def test_every_model_says_what_a_row_is(manifest: dict[str, Any]) -> None:
    models = _nodes(manifest, "model")

    assert [m["name"] for m in models if not m["description"].startswith("One row per ")] == []


def test_every_column_is_described(manifest: dict[str, Any]) -> None:
    nodes = [*_nodes(manifest, "model"), *_nodes(manifest, "seed")]

    assert [
        f"{node['name']}.{column['name']}"
        for node in nodes
        for column in node["columns"].values()
        if not column["description"].strip()
    ] == []


def test_described_columns_are_those_of_the_tables(
    manifest: dict[str, Any], built_columns: dict[str, list[str]]
) -> None:
    """The columns field_<name> depend on the vars, so the description of the model names them."""
    described = {m["name"]: sorted(m["columns"]) for m in _nodes(manifest, "model")}
    built = {
        name: sorted(
            column
            for column in built_columns[name]
            if column in columns or not column.startswith("field_")
        )
        for name, columns in described.items()
    }

    assert described == built


def test_every_mart_has_a_contract_with_types(manifest: dict[str, Any]) -> None:
    marts = [m for m in _nodes(manifest, "model") if m["fqn"][1] == "marts"]

    assert marts
    assert [m["name"] for m in marts if not m["config"]["contract"]["enforced"]] == []
    assert [
        f"{mart['name']}.{column['name']}"
        for mart in marts
        for column in mart["columns"].values()
        if not column["data_type"]
    ] == []


def test_every_macro_is_described(manifest: dict[str, Any]) -> None:
    macros = _macros(manifest)

    assert macros
    assert [macro["name"] for macro in macros if not macro["description"].strip()] == []


def test_macro_arguments_are_those_of_the_signature(manifest: dict[str, Any]) -> None:
    macros = _macros(manifest)
    described = {m["name"]: [argument["name"] for argument in m["arguments"]] for m in macros}

    assert described == {m["name"]: _signature(m) for m in macros}


def test_every_macro_argument_has_a_type_and_a_description(manifest: dict[str, Any]) -> None:
    assert [
        f"{macro['name']}({argument['name']})"
        for macro in _macros(manifest)
        for argument in macro["arguments"]
        if not argument["type"] or not argument["description"].strip()
    ] == []


def test_every_macro_has_a_file_of_its_name(manifest: dict[str, Any]) -> None:
    assert [
        macro["name"]
        for macro in _macros(manifest)
        if Path(macro["original_file_path"]).stem != macro["name"]
    ] == []


def test_every_unit_test_is_named_for_its_model_and_described(manifest: dict[str, Any]) -> None:
    unit_tests = list(manifest["unit_tests"].values())

    assert unit_tests
    assert [
        test["name"]
        for test in unit_tests
        if not test["name"].startswith(f"{test['model']}__") or not test["description"].strip()
    ] == []


def test_names_are_not_cut_by_postgres(manifest: dict[str, Any]) -> None:
    unit_tests = list(manifest["unit_tests"].values())
    nodes = [*_nodes(manifest, "model"), *_nodes(manifest, "seed"), *unit_tests]

    assert [node["name"] for node in nodes if len(node["name"]) > 63] == []


def test_references_get_their_names_from_the_macro(manifest: dict[str, Any]) -> None:
    """On Postgres, `--empty` gives each reference a name of its own, and a second one fails."""
    sources = [*manifest["nodes"].values(), *_macros(manifest)]

    assert [
        source["original_file_path"]
        for source in sources
        if NAMED_BY_HAND.search(source.get("raw_code") or source.get("macro_sql") or "")
    ] == []


def test_sql_knows_engines_in_one_folder_only() -> None:
    sources = [
        path for folder in ("models", "macros") for path in (PROJECT / folder).rglob("*.sql")
    ]
    naming = [path for path in sources if ENGINE_NAMED.search(path.read_text())]

    assert naming
    assert [path for path in naming if path.parent != PROJECT / "macros" / "engines"] == []


def test_every_cross_join_is_accounted_for() -> None:
    """The page on engines says of each why one of its sides is small."""
    sources = [
        path for folder in ("models", "macros") for path in (PROJECT / folder).rglob("*.sql")
    ]
    cross_joining = {path.stem for path in sources if CROSS_JOIN.search(path.read_text())}
    page = (PROJECT / "docs" / "engines.md").read_text()
    table = page.partition("| small side |")[2].partition("\n\n")[0]
    named = [NAME_IN_CODE.findall(row.split("|")[1]) for row in table.splitlines()[2:]]

    assert cross_joining
    assert {name for names in named for name in names} == cross_joining


def test_models_that_pages_name_are_there() -> None:
    models = {path.stem for path in (PROJECT / "models").rglob("*.sql")}
    tables = models | {path.stem for path in (PROJECT / "seeds").rglob("*.csv")}
    pages = [page for pattern in PAGES for page in PROJECT.glob(pattern)]
    named, missing = 0, []
    for page in pages:
        text = page.read_text()
        code = "\n".join(block or inline for block, inline in CODE.findall(text))
        inner, read = set(INNER_MODEL.findall(text)), set(TABLE_READ.findall(code))
        named += len(inner) + len(read)
        missing += [f"{page.name}: {name}" for name in sorted((inner - models) | (read - tables))]

    assert named > 50
    assert missing == []


def test_the_table_of_the_readme_has_every_public_model() -> None:
    public = {path.stem for path in (PROJECT / "models" / "marts").rglob("*.sql")}
    table = (PROJECT / "README.md").read_text().partition("| table |")[2].partition("\n\n")[0]
    rows = [NAME_IN_CODE.findall(row.split("|")[1]) for row in table.splitlines()[2:]]

    assert {name for names in rows for name in names} == public


def _nodes(manifest: dict[str, Any], kind: str) -> list[Node]:
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == kind and node["package_name"] == PACKAGE
    ]


def _macros(manifest: dict[str, Any]) -> list[Node]:
    """The project's macros, but for engines' variants, materializations and generic tests."""
    return [
        macro
        for macro in manifest["macros"].values()
        if macro["package_name"] == PACKAGE
        and not VARIANT.match(macro["name"])
        and not macro["name"].startswith(("test_", "materialization_"))
    ]


def _signature(macro: Node) -> list[str]:
    match = SIGNATURE.search(macro["macro_sql"])
    assert match and match[1] == macro["name"], macro["name"]
    return [part.split("=")[0].strip() for part in match[2].split(",") if part.strip()]
