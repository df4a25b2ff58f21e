"""What is made of the rules: the page in words, and the schemas for other tools."""

import json
from pathlib import Path

import pytest
import write_rule_docs
from lead_scoring_tools.rule_definition import LINE_NUMBER, rule_files
from lead_scoring_tools.rule_files import read_rule_folder
from lead_scoring_tools.rule_page import rules_page
from lead_scoring_tools.rule_schemas import RULES, data_package, table_schemas
from lead_scoring_tools.templates import PROJECT, read_yaml

TABLES = read_rule_folder(PROJECT / RULES).tables


@pytest.fixture(scope="module")
def page() -> str:
    return rules_page(PROJECT / RULES, str(RULES))


def test_what_is_made_of_the_rules_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert write_rule_docs.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    "line",
    [
        "| +22 | employee count is from 200 to 2000 | Company has 200 to 2,000 employees, the size"
        " at which we win most deals | `fit_size_ideal` |",
        "**firmographic** (at most 70 points together)",
        "**negative** (at least -50 and at most 0 points together)",
        "| +8 | each pricing view; at most 2 a day count; at most 26 points in all; halves every 7"
        " days | Looked at our prices | `eng_pricing_view` |",
        "| +8 | at least 3 within 7 days: pricing view; at most 5 a day count; halves every 7 days"
        " | Looked at our prices at least three times within a week | `eng_pricing_often` |",
        "| -4 | none within 45 days: any engagement | Has done nothing for a month and a half |"
        " `eng_gone_quiet` |",
        "| fit | A from 70, B from 50, C from 25, D from 0 |",
        "| A1 | sales\\_ready | Call today: right company and clear buying intent |",
        "| sql | lead is at least 60 and engagement is at least 45 | lead is below 50 for 3 days"
        " running or engagement is below 35 for 3 days running |",
        "For leads whose country is one of Germany, Deutschland, DE and campaign starts with"
        " analytics.",
    ],
)
def test_the_page_says_in_words_what_the_files_say(page: str, line: str) -> None:
    assert line in page.splitlines()


def test_the_page_names_every_rule_suppression_and_exclusion(page: str) -> None:
    names = {
        row[0]
        for seed in ("fit_rules", "behavior_rules", "engagement_rules", "suppressions")
        for row in TABLES[seed].rows
    }
    assert len(names) > 80
    assert [name for name in names if f"`{name}`" not in page] == []


def test_cells_are_text_and_never_markup(tmp_path: Path) -> None:
    for name, table in TABLES.items():
        (tmp_path / f"{name}.csv").write_text(",".join(table.columns) + "\n")
    with (tmp_path / "scorecards.csv").open("a") as file:
        file.write("s,<b>x</b> [y](z),1,1,10,10\n")
    with (tmp_path / "fit_rules.csv").open("a") as file:
        file.write('r,s,c,country,equals,"a|*b*",1,"`code`\n| cell |"\n')
    lines = rules_page(tmp_path, "rules").splitlines()
    assert "\\<b\\>x\\</b\\> \\[y\\](z)." in lines
    assert "| +1 | country is a\\|\\*b\\* | \\`code\\` \\| cell \\| | `r` |" in lines


def test_a_schema_describes_every_column_of_every_file() -> None:
    schemas = table_schemas()
    assert schemas.keys() == TABLES.keys()
    for name, schema in schemas.items():
        header = (PROJECT / RULES / f"{name}.csv").read_text().splitlines()[0].split(",")
        assert [field["name"] for field in schema["fields"]] == header
        assert all(field["description"] for field in schema["fields"])
        assert set(schema.get("primaryKey", [])) <= set(header)


def test_the_shipped_rules_are_what_the_schemas_ask_for() -> None:
    for name, schema in table_schemas().items():
        for field in schema["fields"]:
            for cell in TABLES[name].values(field["name"]):
                assert fits(cell, field), (name, field["name"], cell)


def fits(cell: str | None, field: dict) -> bool:
    limits = field.get("constraints", {})
    if cell is None:
        return not limits.get("required")
    if "enum" in limits and cell not in limits["enum"]:
        return False
    if field["type"] == "boolean":
        return cell in field["trueValues"] + field["falseValues"]
    if field["type"] == "string":
        return True
    number = int(cell) if field["type"] == "integer" else float(cell)
    return limits.get("minimum", number) <= number <= limits.get(
        "maximum", number
    ) and number > limits.get("exclusiveMinimum", number - 1)


def test_references_lead_to_columns_that_are_there() -> None:
    schemas = table_schemas()
    references = [key["reference"] for s in schemas.values() for key in s.get("foreignKeys", [])]
    assert len(references) > 10
    for reference in references:
        fields = [field["name"] for field in schemas[reference["resource"]]["fields"]]
        assert reference["fields"] in fields


def test_the_data_package_names_files_that_are_there() -> None:
    package = data_package()
    assert [resource["name"] for resource in package["resources"]] == list(rule_files())
    for resource in package["resources"]:
        assert (PROJECT / resource["path"]).is_file()
        assert json.loads((PROJECT / resource["schema"]).read_text())["fields"]


def test_all_columns_of_rule_files_are_loaded_as_text() -> None:
    """dbt would guess types else, and lose what was written."""
    definition = PROJECT / "models/intermediate/rules/_rules__seeds.yml"
    for seed in read_yaml(definition)["seeds"]:
        columns = [column["name"] for column in seed["columns"]]
        assert columns == [*seed["config"]["column_types"], LINE_NUMBER]
