"""The settings of the target spark in profiles.yml, for what talks to Spark without dbt."""

import os
import re
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, StrictUndefined

from .places import PROJECT
from .profiles import read_targets


def session_settings() -> dict[str, str]:
    """The settings with which dbt makes its session."""
    return {name: str(value) for name, value in profile()["server_side_parameters"].items()}


def profile() -> dict[str, Any]:
    """The target as dbt reads it, with what the environment says."""
    environment = Environment(undefined=StrictUndefined)
    environment.globals |= {
        "env_var": lambda name, default: os.environ.get(name, default),
        "flags": SimpleNamespace(PROFILES_DIR=str(PROJECT)),
        "modules": SimpleNamespace(re=re),
    }

    def rendered(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: rendered(inner) for name, inner in value.items()}
        return environment.from_string(value).render() if isinstance(value, str) else value

    return rendered(read_targets()["spark"])
