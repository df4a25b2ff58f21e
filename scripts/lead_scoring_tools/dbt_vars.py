"""The dbt vars of a command, and the folder of the rule files."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .errors import UserMistakeError
from .places import in_project
from .templates import project_vars


def read_vars(text: str) -> dict[str, Any]:
    """The vars of --vars; refuses those that the project does not have."""
    try:
        settings = yaml.safe_load(text) or {}
    # A date that does not exist is a ValueError of the YAML reader.
    except (yaml.YAMLError, ValueError):
        settings = None
    if not isinstance(settings, dict):
        raise UserMistakeError(
            "--vars",
            "a YAML mapping such as '{as_of: 2026-01-31}', with dates that exist",
            repr(text),
            "Correct it, and mind the quotes.",
        )
    known = project_vars()
    unknown = [name for name in settings if name not in known]
    if unknown:
        raise UserMistakeError(
            "--vars",
            f"vars among {', '.join(known)}",
            ", ".join(unknown),
            "Correct the name.",
        )
    return settings


def with_project_vars(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a run goes by: the vars of a command, and those of dbt_project.yml beneath them."""
    return project_vars() | dict(settings)


def rules_folder() -> Path:
    """The folder of the rule files."""
    return in_project(os.environ.get("LEAD_SCORING_SEEDS", "seeds"))
