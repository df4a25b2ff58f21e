"""What the commands that load raw files into an engine have in common."""

from collections.abc import Callable, Mapping
from pathlib import Path

from .command_line import Parser
from .errors import UserMistakeError, first_line
from .places import in_project


def folder_and_schema(
    description: str | None, example: str, arguments: list[str] | None
) -> tuple[Path, str]:
    """The folder of the raw files, and the schema of their tables, by the command line."""
    parser = Parser(description, example)
    parser.add_argument(
        "--raw", type=Path, default=in_project("data/demo"), help="folder (data/demo)"
    )
    parser.add_argument("--schema", default="raw", help="schema of the tables (raw)")
    options = parser.parse_args(arguments)
    if not any(options.raw.glob("raw_*.*")):
        raise UserMistakeError(
            str(options.raw),
            "files raw_*.parquet or raw_*.csv",
            "none",
            "Name another folder, or make the demo: make demo",
        )
    return options.raw, options.schema


def load_and_show(
    load: Callable[[Path, str], Mapping[str, int]],
    folder: Path,
    schema: str,
    mistakes: tuple[type[Exception], ...],
) -> None:
    """Load the files, and say how many rows each table has.

    Mistakes are the errors that files raise which can't be loaded.
    """
    try:
        counts = load(folder, schema)
    except mistakes as problem:
        raise UserMistakeError(
            str(folder), "files that can be loaded", first_line(problem), "Correct it."
        ) from problem
    for table, count in counts.items():
        print(f"{schema}.{table}  {count:,} rows")
