"""The engines whose SQL is parsed, and how dbt would be told to reach them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Engine:
    """An engine under the name that dbt and sqlglot both have for it."""

    name: str
    # Nothing is ever sent, but adapters insist on knowing where to.
    connection: dict[str, Any]
    # What a raw table may hold each type of the input contract as, other than as text.
    raw_types: dict[str, str]
    text_type: str
    stores_capitals: bool = False

    def raw_type(self, type_of_contract: str, as_text: bool) -> str:
        """What the engine calls the type that a raw table has a column in."""
        return self.text_type if as_text else self.raw_types.get(type_of_contract, self.text_type)


ENGINES = {
    engine.name: engine
    for engine in (
        Engine(
            "snowflake",
            {"account": "nowhere", "user": "nobody", "password": "none"}
            | {"database": "warehouse", "schema": "lead_scoring"},
            {"number": "NUMBER", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP_TZ"}
            | {"list": "ARRAY"},
            text_type="TEXT",
            stores_capitals=True,
        ),
        Engine(
            "bigquery",
            {"method": "oauth", "database": "warehouse", "schema": "lead_scoring"},
            {"number": "FLOAT64", "boolean": "BOOL", "timestamp": "TIMESTAMP"}
            | {"list": "ARRAY<STRING>"},
            text_type="STRING",
        ),
        Engine(
            "databricks",
            {"host": "nowhere.invalid", "http_path": "/sql/1.0/warehouses/none", "token": "none"}
            | {"catalog": "warehouse", "schema": "lead_scoring"},
            {"number": "double", "boolean": "boolean", "timestamp": "timestamp"}
            | {"list": "array<string>"},
            text_type="string",
        ),
    )
}
