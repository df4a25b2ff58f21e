"""Write the rows of tables of Spark to a file: spark_rows.py FILE TABLE …"""

import pickle
import sys
from pathlib import Path

from lead_scoring_tools.spark_session import spark_session


def write_rows(file: Path, names: list[str]) -> None:
    """Pickle the rows of each table of the schema main, as dicts."""
    with spark_session() as session:
        rows = {
            name: [row.asDict() for row in session.table(f"main.{name}").collect()]
            for name in names
        }
    file.write_bytes(pickle.dumps(rows))


if __name__ == "__main__":
    write_rows(Path(sys.argv[1]), sys.argv[2:])
