"""Run dbt as a pipeline would, and keep what a person needs of its messages."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .machine_failures import machine_problems
from .places import PROJECT

FAILURE = re.compile(r"Encountered an error|Failure in|Completed with \d+ error")
STEP = re.compile(r"(\d+) of (\d+) (?:OK|PASS|ERROR|FAIL|WARN|SKIP)")


@dataclass
class DbtRun:
    """What a run of dbt came to."""

    succeeded: bool
    seconds: float
    log: list[str] = field(default_factory=list)
    engine: str = "duckdb"

    def problems(self) -> list[str]:
        """The project's own messages; without any, the end of dbt's log."""
        if machine := machine_problems("\n".join(self.log), self.engine):
            return machine
        own = [line.strip() for line in self.log if "[lead_scoring]" in line]
        own = [line for line in own if "[lead_scoring] warning," not in line]
        if own:
            return list(dict.fromkeys(own))
        start = next((i for i, line in enumerate(self.log) if re.match(FAILURE, line)), None)
        return self.log[start:] if start is not None else self.log[-15:]


def run_dbt(
    arguments: list[str],
    settings: Mapping[str, Any],
    on_step: Callable[[int, int], None] = lambda done, total: None,
    environment: Mapping[str, str] | None = None,
) -> DbtRun:
    """Run dbt in the project's folder and call `on_step` for each finished node."""
    command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
    if settings:
        command += ["--vars", json.dumps(dict(settings), default=str)]
    surroundings = os.environ | dict(environment or {})
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    log: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        text = re.sub(r"^\d\d:\d\d:\d\d\s*", "", line.rstrip())
        log.append(text)
        if step := STEP.match(text):
            on_step(int(step[1]), int(step[2]))
    succeeded = process.wait() == 0
    engine = surroundings.get("LEAD_SCORING_TARGET") or "duckdb"
    return DbtRun(succeeded, time.monotonic() - started, log, engine)
