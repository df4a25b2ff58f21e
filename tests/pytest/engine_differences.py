"""Compare the public tables that two engines make of the same input."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from comparison import KEYS, KEYS_OVER_TIME
from pipeline import Row

PUBLIC = (
    KEYS
    | KEYS_OVER_TIME
    | {
        "published_scores": ("sync_key",),
        "data_quality_issues": ("table_name", "issue", "detail"),
    }
)
# Points before rounding pass through binary fractions; scores are rounded to what people see.
NEAR = {"lead_score_contributions": 1e-6}
# Shares and averages are binary fractions, whose last digit depends on the order of a sum.
RELATIVE = 1e-9


def engine_differences(
    found: Mapping[str, list[Row]], expected: Mapping[str, list[Row]]
) -> list[str]:
    """Every difference between the public tables of two engines, in words."""
    lines = []
    for table in PUBLIC:
        lines += _differences(table, found[table], expected[table])
    return lines


def _differences(table: str, found: list[Row], expected: list[Row]) -> list[str]:
    found_rows, expected_rows = _by_key(table, found), _by_key(table, expected)
    if len(found_rows) < len(found) or len(expected_rows) < len(expected):
        return [f"{table}: keys {PUBLIC[table]} stand twice"]
    lines = [f"{table}: only here {key}" for key in found_rows.keys() - expected_rows.keys()]
    lines += [f"{table}: only on DuckDB {key}" for key in expected_rows.keys() - found_rows.keys()]
    for key in found_rows.keys() & expected_rows.keys():
        if found_rows[key].keys() != expected_rows[key].keys():
            return [*lines, f"{table}: columns {list(found_rows[key])}, {list(expected_rows[key])}"]
        for column, value in expected_rows[key].items():
            if not _is_same(table, found_rows[key][column], value):
                lines.append(
                    f"{table} {key} {column}: here {found_rows[key][column]!r}, DuckDB {value!r}"
                )
    return lines


def _by_key(table: str, rows: list[Row]) -> dict[tuple[Any, ...], Row]:
    return {tuple(row[column] for column in PUBLIC[table]): row for row in rows}


def _is_same(table: str, found: Any, expected: Any) -> bool:
    if isinstance(expected, float):
        return isinstance(found, float) and abs(found - expected) <= RELATIVE * max(
            1, abs(expected)
        )
    if isinstance(expected, Decimal):
        return isinstance(found, Decimal) and abs(found - expected) <= Decimal(NEAR.get(table, 0))
    if isinstance(expected, (bool, int, str, date)):
        return type(found) is type(expected) and found == expected
    assert expected is None, (table, expected)
    return found is None
