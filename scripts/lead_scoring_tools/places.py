"""Where relative paths start: those of the environment at the project, and those of a command's
options in the folder in which it is typed."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def in_project(path: str | Path) -> Path:
    """A path of the environment, or one that nothing names, for whatever folder this runs in."""
    return Path(path) if Path.cwd() == PROJECT else PROJECT / path


def go_to_project(*typed: Path | None) -> list[Path | None]:
    """Go to the project's folder, as dbt is run there; returns typed paths as seen from there."""
    found = typed if Path.cwd() == PROJECT else [path and path.absolute() for path in typed]
    os.chdir(PROJECT)
    return list(found)
