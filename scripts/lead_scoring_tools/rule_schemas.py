"""Descriptions of the rule files for other tools: Frictionless Table Schemas and a data package."""

from pathlib import Path
from typing import Any

from .rule_definition import Column, RuleFile, rule_files
from .rule_files import NULLS
from .templates import Templates

SCHEMAS = Path("docs") / "rules_schema"
RULES = Path("seeds") / "scoring"
PROFILES = "https://datapackage.org/profiles/2.0"


def data_package() -> dict[str, Any]:
    """The rule files of the project, each with its schema."""
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "lead-scoring-rules",
        "title": "The rules by which leads are scored",
        "resources": [
            {
                "name": name,
                "description": rule_file.description,
                "path": str(RULES / f"{name}.csv"),
                "format": "csv",
                "encoding": "utf-8",
                "schema": str(SCHEMAS / f"{name}.json"),
            }
            for name, rule_file in rule_files().items()
        ],
    }


def table_schemas() -> dict[str, dict[str, Any]]:
    """The Table Schema of each rule file, by its name."""
    templates = Templates({})
    return {name: _table_schema(file, templates) for name, file in rule_files().items()}


def _table_schema(rule_file: RuleFile, templates: Templates) -> dict[str, Any]:
    columns = rule_file.columns.values()
    schema: dict[str, Any] = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_field(column, templates) for column in columns],
        "missingValues": list(NULLS),
    }
    if rule_file.key:
        schema["primaryKey"] = rule_file.key
    keys = [_foreign_key(column) for column in columns if _has_foreign_key(column)]
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _field(column: Column, templates: Templates) -> dict[str, Any]:
    limits = column.limits
    constraints: dict[str, Any] = {"required": True} if limits.get("required") else {}
    names = {"minimum": "minimum", "above": "exclusiveMinimum", "maximum": "maximum"}
    constraints |= {theirs: limits[ours] for ours, theirs in names.items() if ours in limits}
    if "allowed" in limits:
        constraints["enum"] = _words(limits["allowed"], templates)
    field: dict[str, Any] = {"name": column.name, "type": limits.get("type", "string")}
    if field["type"] == "boolean":
        field |= {"trueValues": ["true", "t", "yes", "1"], "falseValues": ["false", "f", "no", "0"]}
    field["description"] = column.description
    return field | ({"constraints": constraints} if constraints else {})


def _words(kind: str, templates: Templates) -> list[str]:
    if kind != "operator":
        return list(templates.macro("allowed_values")(kind))
    by_type = templates.macro("operators_by_type")().values()
    return list(dict.fromkeys(name for operators in by_type for name in operators))


def _has_foreign_key(column: Column) -> bool:
    return column.reference is not None and "or" not in column.limits


def _foreign_key(column: Column) -> dict[str, Any]:
    assert column.reference
    seed, referred = column.reference
    return {"fields": column.name, "reference": {"resource": seed, "fields": referred}}
