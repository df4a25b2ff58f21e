"""The targets of profiles.yml."""

from typing import Any

import yaml

from .places import PROJECT


def read_targets() -> dict[str, dict[str, Any]]:
    """Each target by its name, as it is written: with Jinja in its values."""
    return yaml.safe_load((PROJECT / "profiles.yml").read_text())["lead_scoring"]["outputs"]
