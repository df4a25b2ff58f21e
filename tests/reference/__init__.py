"""Independent reference implementation of lead scoring, in plain Python.

Written from the specification, it shares no code with the models and favours the obvious over the
fast. Section numbers in the docstrings are those of the specification.
"""

from reference.runs import Backfill, Died, Runs, RunsResult, score_runs
from reference.scoring import score_world
from reference.world import Result, World

__all__ = [
    "Backfill",
    "Died",
    "Result",
    "Runs",
    "RunsResult",
    "World",
    "score_runs",
    "score_world",
]
