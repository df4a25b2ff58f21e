"""Check the dbt project on Spark: on a cluster of its own, with a master and two workers."""

import os
import sys
import tempfile
from pathlib import Path

import generate_demo
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.dbt_runs import PROJECT
from lead_scoring_tools.engine_steps import load_into_spark, run_step
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.spark_cluster import running_cluster

EXAMPLE = """example:
  python scripts/check_spark.py --leads 300 --workers 2
"""
# The first finds no table but raw ones, and the second those of the first.
STEPS = {
    "build --empty": ["build", "--empty", "--exclude-resource-type", "unit_test"],
    # docs/engines.md says which of them are no tests of Spark, and why.
    "build with all data and unit tests": ["build", "--exclude", "tag:not_on_spark"],
    "build with all data tests, once more": ["build", "--exclude-resource-type", "unit_test"],
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if every step succeeds."""
    return run_command(check_spark, arguments)


def check_spark(arguments: list[str] | None) -> None:
    """Load a demo, and run dbt on it."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument("--leads", type=int, default=300, help="leads of the demo (300)")
    parser.add_argument("--workers", type=int, default=2, help="workers, each of one core (2)")
    options = parser.parse_args(arguments)
    os.chdir(PROJECT)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_cluster(workers=options.workers) as cluster,
    ):
        home = Path(folder)
        demo = ["--leads", str(options.leads), "--out", str(home / "raw")]
        if generate_demo.main(demo) != 0:
            raise UserMistakeError("demo", "data", "none", "See the message above.")
        environment = cluster.environment() | {
            "DBT_TARGET_PATH": str(home / "target"),
            "DBT_LOG_PATH": str(home / "logs"),
            # Small data: what takes time is the planning.
            "LEAD_SCORING_SPARK_PARTITIONS": str(options.workers),
        }
        load_into_spark(home / "raw", environment)
        for name, command in STEPS.items():
            run_step("Spark", name, command, environment)


if __name__ == "__main__":
    sys.exit(main())
