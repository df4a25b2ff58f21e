"""A what-if from beginning to end: check the rules, score both rule sets, compare."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from .compiled_models import compile_models, kept_files
from .productions import Production
from .replays import Replay, Side
from .rule_sets import RuleSet

BASE, CANDIDATE = "what_if_base", "what_if_candidate"
Report = Callable[[str], None]


@contextmanager
def opened(production: Production, days: int) -> Iterator[Replay]:
    """Production and room for rule sets; what is built there goes afterwards."""
    models = compile_models(production.settings, production)
    with tempfile.TemporaryDirectory(prefix="what_if_") as name:
        scratch = Path(name)
        with duckdb.connect(config=_settings(scratch)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(
                f"""attach {_quoted(production.file)} as "{production.database}" (read_only)"""
            )
            yield Replay(connection, models, production, days, scratch)


@contextmanager
def scored(
    production: Production, base: RuleSet, candidate: RuleSet, days: int, report: Report
) -> Iterator[tuple[Replay, Side, Side]]:
    """Both rule sets, scored. The base is kept until production, the base or the models change."""
    report("reading the models")
    with opened(production, days) as replay:
        kept = kept_files() / f"base_{_fingerprint(replay, base, candidate)}.duckdb"
        draft = kept.with_suffix(f".{os.getpid()}")
        before = _kept_side(replay, kept, base)
        side = before or replay.add_side(BASE, base, draft)
        after = replay.add_side(CANDIDATE, candidate, replay.scratch / "candidate.duckdb")
        try:
            if before is None:
                replay.score(side, lambda step: report(f"{base.name}: {step}"))
                _keep(replay, side, kept, draft)
        finally:
            draft.unlink(missing_ok=True)
        replay.score(after, lambda step: report(f"{candidate.name}: {step}"))
        yield replay, side, after


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _settings(scratch: Path) -> dict[str, str]:
    return {
        "threads": os.environ.get("LEAD_SCORING_THREADS", "4"),
        "memory_limit": os.environ.get("LEAD_SCORING_MEMORY", "8GB"),
        "temp_directory": str(scratch / "spilled"),
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }


def _fingerprint(replay: Replay, base: RuleSet, candidate: RuleSet) -> str:
    """What the scores of the base depend on."""
    production = replay.production
    state = production.file.stat()
    rules = {file: [table.rows, table.lines] for file, table in base.tables.items()}
    # If one side has to read the raw events anew, so has the other.
    catalogues = base.tables["event_catalog"].rows == candidate.tables["event_catalog"].rows
    given = [
        str(production.file.resolve()),
        [state.st_mtime_ns, state.st_size],
        [replay.models.fingerprint, production.changed_vars, str(replay.first)],
        [rules, catalogues],
    ]
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:32]


def _keep(replay: Replay, side: Side, kept: Path, draft: Path) -> None:
    """Keep the base for the next what-if in place of the one kept before."""
    connection = replay.connection
    connection.execute(f'checkpoint "{side.database}"')
    connection.execute(f'detach "{side.database}"')
    for older in kept.parent.glob("base_*"):
        if older.suffix in (".duckdb", ".json"):
            older.unlink()
    state = {
        "same": {other: sorted(names) for other, names in side.same.items()},
        "partly_same": {other: sorted(names) for other, names in side.partly_same.items()},
        "built": side.built,
        "keys_built": side.keys_built,
    }
    draft.rename(kept)
    side.file = kept
    kept.with_suffix(".json").write_text(json.dumps(state), encoding="utf-8")
    connection.execute(f'attach {_quoted(kept)} as "{side.database}" (read_only)')


def _kept_side(replay: Replay, kept: Path, base: RuleSet) -> Side | None:
    """The base as an earlier what-if has left it."""
    if not kept.is_file() or not kept.with_suffix(".json").is_file():
        return None
    state = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))
    replay.connection.execute(f'attach {_quoted(kept)} as "{BASE}" (read_only)')
    side = Side(BASE, base, kept, built=state["built"], keys_built=state["keys_built"])
    side.same = {other: set(names) for other, names in state["same"].items()}
    side.partly_same = {other: set(names) for other, names in state["partly_same"].items()}
    replay.sides.append(side)
    return side
