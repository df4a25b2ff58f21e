"""Check the dbt project on Postgres: on a server of its own, installed where it is missing."""

import os
import sys
import tempfile
from pathlib import Path

import generate_demo
from lead_scoring_tools.command_line import Parser
from lead_scoring_tools.command_line import run as run_command
from lead_scoring_tools.dbt_runs import PROJECT
from lead_scoring_tools.engine_steps import run_step
from lead_scoring_tools.errors import UserMistakeError
from lead_scoring_tools.postgres_server import load_files, running_postgres

EXAMPLE = """example:
  python scripts/check_postgres.py --leads 300
"""
# The first finds no table at all, and the second none but raw ones.
STEPS = {
    "compile on an empty database": ["compile"],
    "build --empty": ["build", "--empty"],
    "build with all data and unit tests": ["build"],
    "build with all data tests, once more": ["build", "--exclude-resource-type", "unit_test"],
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if every step succeeds."""
    return run_command(check_postgres, arguments)


def check_postgres(arguments: list[str] | None) -> None:
    """Load a demo, and run dbt on it."""
    parser = Parser(__doc__, EXAMPLE)
    parser.add_argument("--leads", type=int, default=300, help="leads of the demo (300)")
    options = parser.parse_args(arguments)
    os.chdir(PROJECT)
    with tempfile.TemporaryDirectory() as folder, running_postgres(install=True) as server:
        home = Path(folder)
        demo = ["--leads", str(options.leads), "--out", str(home / "raw")]
        if generate_demo.main(demo) != 0:
            raise UserMistakeError("demo", "data", "none", "See the message above.")
        environment = server.environment() | {
            "DBT_TARGET_PATH": str(home / "target"),
            "DBT_LOG_PATH": str(home / "logs"),
        }
        for number, (name, command) in enumerate(STEPS.items()):
            if number == 1:
                with server.connect() as connection:
                    load_files(connection, home / "raw", "raw")
            run_step("Postgres", name, command, environment)


if __name__ == "__main__":
    sys.exit(main())
