"""Lint the SQL with sqlfluff, with a database of its own."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from lead_scoring_tools.dbt_runs import PROJECT

EXAMPLE = """example:
  python scripts/check_sql.py models/marts
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if there is nothing to mend."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", default=["models", "tests"], help="what to lint")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "LEAD_SCORING_TARGET": "duckdb",
            "LEAD_SCORING_DUCKDB": str(Path(folder) / "lint.duckdb"),
            "DBT_TARGET_PATH": str(Path(folder) / "target"),
            "DBT_LOG_PATH": str(Path(folder) / "logs"),
        }
        sqlfluff = str(Path(sys.executable).with_name("sqlfluff"))
        command = [sqlfluff, "lint", "--processes", "2", "--disable-progress-bar", *options.paths]
        return subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
