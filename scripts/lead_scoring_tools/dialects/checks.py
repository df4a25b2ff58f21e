"""Check one engine: compile every model in a process of its own, and parse what comes out."""

import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserMistakeError
from .engines import Engine
from .parsing import Statement, problems

REMEDY = "Where a macro fails, give it a variant for the engine in macros/engines."


@dataclass(frozen=True)
class Check:
    """What the check of an engine came to."""

    models: int
    statements: int
    seconds: float
    problems: list[UserMistakeError]

    def summary(self) -> str:
        """The outcome in a line."""
        found = f"{len(self.problems)} problems" if self.problems else "all parse"
        return (
            f"{self.models} models, {self.statements} different statements: {found}"
            f" ({self.seconds:.0f} s)"
        )


def check_engine(engine: Engine, project: Path, out: Path | None = None) -> Check:
    """Compile the models of a project for an engine and parse them; out keeps what was compiled."""
    started = time.monotonic()
    compiled = _compile(engine, project)
    statements = [Statement(**found) for found in compiled["statements"]]
    if out is not None:
        _keep(statements, out / engine.name)
    # The same failure in several forms counts once.
    failures = dict.fromkeys(
        (failure["path"] or _path(failure["message"]), _shown(failure["message"]))
        for failure in compiled["failures"]
    )
    mistakes = [
        UserMistakeError(f"{path} ({engine.name})", "models that compile", message, REMEDY)
        for path, message in failures
    ]
    return Check(
        models=len({statement.path for statement in statements}),
        statements=len({(statement.path, statement.sql) for statement in statements}),
        seconds=time.monotonic() - started,
        problems=mistakes + problems(engine.name, statements),
    )


def _compile(engine: Engine, project: Path) -> dict[str, list[dict[str, str]]]:
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        process = subprocess.run(
            [sys.executable, "-m", __package__, engine.name, str(project), str(found)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not found.exists():
            raise UserMistakeError(
                engine.name,
                "an adapter that compiles without its driver",
                f"'{process.stdout.strip()[-600:]}'",
                "Give the driver what it lacks in lead_scoring_tools/dialects/stand_ins.py.",
            )
        return json.loads(found.read_text())


def _keep(statements: list[Statement], folder: Path) -> None:
    """Write each model's statements into a file of each form."""
    files: dict[Path, list[str]] = {}
    for statement in statements:
        file = folder / statement.form.replace(" ", "_") / statement.path
        files.setdefault(file, []).append(f"-- {statement.part}\n{statement.sql.strip()}\n;\n")
    for file, texts in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(texts))


def _path(message: str) -> str:
    """The model at which dbt stopped, where it did not get as far as compiling."""
    named = re.search(r"\((models/[^()]+)\)", message)
    return named[1] if named else "dbt"


def _shown(message: str) -> str:
    """dbt's message on one line, without where it is from, which the subject says."""
    lines = [line.strip() for line in message.splitlines()]
    told = [line for line in lines if line and not re.match(r"\w+ Error( in |$)", line)]
    return "'" + " ".join(told).rstrip(".")[:600] + "'"
